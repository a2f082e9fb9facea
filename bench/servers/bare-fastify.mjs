// The same answers from bare Fastify: no schema, no hook, no log, nothing read of the request.
import Fastify from 'fastify';

const ids = { groupID: 'g.7qp0v80WUdEb7uiy', authorID: 'a.i1wOYwxRjArRnZGU', validUntil: 1999999999 };
const sessionID = 's.6202009a23049dc8652f5509d8fbd2f7';
const info = { info: { id: sessionID, authorID: ids.authorID, groupID: ids.groupID, validUntil: ids.validUntil }, ...ids };

const server = Fastify();
server.get('/api/1.2.15/getSessionInfo', (_request, reply) => reply.send({ code: 0, message: 'ok', data: info }));
server.get('/api/1.2.15/createSession', (_request, reply) => reply.send({ code: 0, message: 'ok', data: { sessionID } }));
server.get('/api', (_request, reply) => reply.send({ currentVersion: '1.3.1' }));
const url = await server.listen({ port: Number(process.argv[process.argv.indexOf('--port') + 1]), host: '127.0.0.1' });
process.stdout.write(`${JSON.stringify({ url })}\n`);
process.once('SIGTERM', () => process.exit());
