import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer on its way through the proxy. */
export interface PassingAnswer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** A request that came by. */
export interface Passing {
  readonly method: string;
  readonly target: string;
  /** When it came, in milliseconds. */
  readonly at: number;
  readonly type: string | undefined;
  /** In base64, once all of it has come. */
  body: string;
}

export interface Proxy extends AsyncDisposable {
  readonly url: string;
  readonly passed: readonly Passing[];
}

/** Stands before a server and passes everything on, but for what `alter` changes of an answer. */
export async function alteringProxy(to: string, alter: (request: Passing, answer: PassingAnswer) => void): Promise<Proxy> {
  const passed: Passing[] = [];
  const origin = new URL(to);
  const server = http.createServer((incoming, outgoing) => {
    const request: Passing = {
      method: incoming.method!,
      target: incoming.url!,
      at: performance.now(),
      type: incoming.headers['content-type'],
      body: '',
    };
    const sent: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => {
      sent.push(chunk);
      request.body = Buffer.concat(sent).toString('base64');
    });
    passed.push(request);
    const onward = http.request(
      {
        hostname: origin.hostname,
        port: origin.port,
        method: incoming.method,
        path: incoming.url,
        headers: incoming.headers,
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const answer: PassingAnswer = {
            status: response.statusCode!,
            headers: { ...response.headers },
            body: Buffer.concat(chunks).toString(),
          };
          alter(request, answer);
          for (const name of ['connection', 'keep-alive', 'transfer-encoding', 'content-length']) delete answer.headers[name];
          outgoing.writeHead(answer.status, answer.headers as http.OutgoingHttpHeaders);
          outgoing.end(answer.body);
        });
      },
    );
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A server that answers everything in one way. */
export async function answeringServer(
  answer: (response: http.ServerResponse, request: http.IncomingMessage) => void,
): Promise<AsyncDisposable & { url: string }> {
  const server = http.createServer((request, response) => answer(response, request));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
