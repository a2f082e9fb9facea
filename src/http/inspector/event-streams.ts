import type { ServerResponse } from 'node:http';
import { every, type Report } from '../../sandbox/guarded.ts';
import { type Overview, OVERVIEW } from './inspection.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { Sandboxes } from '../../sandbox/sandboxes.ts';

/** How often an open stream looks for what changed, in milliseconds. Requests themselves do nothing for it. */
const INTERVAL = 250;

/** What changes with every request to any sandbox is told less often. */
const INTERVALS: { readonly [Part in keyof Overview]?: number } = { sandboxes: 1_000 };

/** How often something is sent when nothing changes, so that a page can tell a quiet server from a dead one. */
const HEARTBEAT = 15_000;

const PARTS = Object.keys(OVERVIEW) as (keyof Overview)[];

/** What a part is compared by: the clock by its setting, since it never shows the same time twice. */
const fingerprint = (part: keyof Overview, sandbox: Sandbox, text: string): string =>
  part === 'clock' ? JSON.stringify(sandbox.clock.setting) : text;

/** One page that looks on. */
class Onlooker {
  readonly #response: ServerResponse;
  readonly #sandboxes: Sandboxes;
  readonly #name: string | undefined;
  readonly #told = new Map<keyof Overview, string>();
  #sandbox: Sandbox | undefined | null = null;
  #state: unknown;
  #elapsed = 0;
  #quiet = 0;

  constructor(response: ServerResponse, sandboxes: Sandboxes, name: string | undefined) {
    this.#response = response;
    this.#sandboxes = sandboxes;
    this.#name = name;
  }

  /** Tells what changed. */
  tick(): void {
    // a page that reads slowly gets less, and never what is old
    if (this.#response.writableNeedDrain) return;
    const text = this.#news();
    this.#elapsed += INTERVAL;
    this.#quiet = text === '' ? this.#quiet + INTERVAL : 0;
    if (text !== '') this.#response.write(text);
    else if (this.#quiet >= HEARTBEAT) {
      this.#quiet = 0;
      this.#told.delete('clock');
      this.#response.write(': still here\n\n');
    }
  }

  /** The events of everything that is not as it was told. */
  #news(): string {
    const sandbox = this.#sandboxes.known(this.#name);
    if (sandbox !== this.#sandbox) {
      this.#sandbox = sandbox;
      this.#told.clear();
      if (sandbox === undefined) return `event: missing\ndata: ${JSON.stringify({ sandbox: this.#name })}\n\n`;
    }
    if (sandbox === undefined) return '';
    // another state may have as many of everything
    if (sandbox.state !== this.#state) {
      this.#state = sandbox.state;
      this.#told.delete('counts');
    }
    let events = '';
    for (const part of PARTS) {
      if (this.#told.has(part) && this.#elapsed % (INTERVALS[part] ?? INTERVAL) !== 0) continue;
      const text = JSON.stringify(OVERVIEW[part](sandbox, this.#sandboxes));
      const print = fingerprint(part, sandbox, text);
      if (this.#told.get(part) === print) continue;
      this.#told.set(part, print);
      events += `event: ${part}\ndata: ${text}\n\n`;
    }
    return events;
  }
}

/** The open streams of a server. */
export class EventStreams {
  readonly #open = new Set<ServerResponse>();
  readonly #sandboxes: Sandboxes;
  readonly #report: Report;
  #isEnded = false;

  constructor(sandboxes: Sandboxes, report: Report) {
    this.#sandboxes = sandboxes;
    this.#report = report;
  }

  /** @param name the sandbox to tell of, made or not */
  start(response: ServerResponse, name: string | undefined): void {
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      // proxies pass it on as it comes
      'X-Accel-Buffering': 'no',
      // a server that closes need not wait for the connection to become idle
      Connection: 'close',
    });
    this.#open.add(response);
    response.once('close', () => this.#open.delete(response));
    const onlooker = new Onlooker(response, this.#sandboxes, name);
    response.once(
      'close',
      every(INTERVAL, () => onlooker.tick(), this.#report),
    );
    onlooker.tick();
    // a page that comes back while the server closes gets everything again
    if (this.#isEnded) response.end();
  }

  /** Ends them all, so that the server can close. */
  end(): void {
    this.#isEnded = true;
    for (const response of this.#open) response.end();
  }
}
