// The least that Node can do: the same answers from bare node:http.
const { createServer } = require('node:http');

const ids = { groupID: 'g.7qp0v80WUdEb7uiy', authorID: 'a.i1wOYwxRjArRnZGU', validUntil: 1999999999 };
const sessionID = 's.6202009a23049dc8652f5509d8fbd2f7';
const info = { info: { id: sessionID, authorID: ids.authorID, groupID: ids.groupID, validUntil: ids.validUntil }, ...ids };

const server = createServer((request, response) => {
  const data = request.url.startsWith('/api/1.2.15/createSession') ? { sessionID } : info;
  const body = JSON.stringify({ code: 0, message: 'ok', data });
  response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
});
const port = Number(process.argv[process.argv.indexOf('--port') + 1]);
server.listen(port, '127.0.0.1', () => process.stdout.write(`{"url":"http://127.0.0.1:${server.address().port}"}\n`));
process.once('SIGTERM', () => process.exit());
