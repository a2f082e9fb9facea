import http from 'node:http';
import net from 'node:net';

/** A request, sent to the letter: the path is not encoded, and any method may have a body. */
export interface Question {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
  /** Sends the body in chunks, with no Content-Length. */
  readonly chunked?: boolean;
}

export interface Reply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** A request under way. */
export interface Sent {
  /** Resolves once the whole request is with the operating system. */
  readonly sent: Promise<void>;
  /** Rejects when the connection ends without an answer. */
  readonly reply: Promise<Reply>;
  abandon(): void;
}

/**
 * Sends a request over a real socket, a new one without an agent.
 *
 * @param origin where to: scheme, host and port count, the path is the question's own
 */
export function send(origin: string, { method = 'GET', path, headers = {}, body, chunked = false }: Question, agent?: http.Agent): Sent {
  const { hostname, port } = new URL(origin);
  const named = Object.keys(headers).some((name) => name.toLowerCase() === 'content-length');
  const framing: Record<string, string | number> =
    body === undefined || named ? {} : chunked ? { 'Transfer-Encoding': 'chunked' } : { 'Content-Length': Buffer.byteLength(body) };
  const request = http.request({
    hostname,
    port,
    method,
    path,
    headers: { ...headers, ...framing } as http.OutgoingHttpHeaders,
    agent: agent ?? false,
    insecureHTTPParser: true,
  });
  const reply = new Promise<Reply>((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks).toString() }),
      );
    });
  });
  const sent = new Promise<void>((resolve) => request.on('finish', resolve));
  request.end(body);
  return { sent, reply, abandon: () => request.destroy() };
}

/** Sends a request and waits for the answer. */
export const ask = (origin: string, question: Question): Promise<Reply> => send(origin, question).reply;

/** Sends bytes that need not be HTTP, and reads until the server closes. */
export function askRaw(origin: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = net.connect(Number(port), hostname, () => socket.write(bytes));
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => (answer += text));
    socket.on('error', (error: NodeJS.ErrnoException) => (answer === '' ? reject(error) : resolve(answer)));
    socket.on('close', () => resolve(answer));
  });
}

/** Fields as multipart/form-data. */
export function multipart(fields: readonly (readonly [name: string, value: string])[]): {
  headers: { 'Content-Type': string };
  body: string;
} {
  const boundary = '----mockEtherpadBoundary';
  const parts = fields.map(([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`);
  return { headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` }, body: `${parts.join('')}--${boundary}--\r\n` };
}
