import type { ServerResponse } from 'node:http';
import type { World } from '../../etherpad/world.ts';
import { renderMain } from './page.ts';
import { fingerprint, openPad, type Reader, viewOf } from './view.ts';

/** How often open pages are looked after, in milliseconds. The functions that change pads do nothing for it. */
const INTERVAL = 200;

/** How often something is sent when nothing changes, so that proxies keep the connection. */
const HEARTBEAT = 15_000;

/** What a page follows. */
export interface Followed {
  /** The id in the path. */
  readonly id: string;
  readonly reader: Reader;
  /** Undefined once its sandbox is gone. */
  readonly world: () => World | undefined;
}

const isSame = (one: readonly unknown[], other: readonly unknown[]): boolean =>
  one.length === other.length && one.every((part, index) => part === other[index]);

/** One page that is open somewhere. */
class OpenPage {
  readonly #response: ServerResponse;
  readonly #followed: Followed;
  #told: readonly unknown[] = [];
  #quiet = 0;

  constructor(response: ServerResponse, followed: Followed) {
    this.#response = response;
    this.#followed = followed;
  }

  /** Sends the page again if its reader would see another. */
  look(): void {
    // a browser that reads slowly gets less, and never what is old
    if (this.#response.writableNeedDrain) return;
    const { id, reader, world: find } = this.#followed;
    const world = find();
    if (world === undefined) return void this.#response.end();
    const opened = openPad(id, reader, world);
    const seen = fingerprint(opened);
    if (isSame(seen, this.#told)) return this.#beat();
    this.#told = seen;
    this.#quiet = 0;
    // the id tells a stream that begins again from one that begins
    this.#response.write(`id: 1\nevent: page\ndata: ${JSON.stringify(renderMain(viewOf(opened, world, 'pad')))}\n\n`);
  }

  #beat(): void {
    this.#quiet += INTERVAL;
    if (this.#quiet < HEARTBEAT) return;
    this.#quiet = 0;
    this.#response.write(': still here\n\n');
  }
}

/** The streams of all pages that are open: one timer looks after them, and there is none when no page is open. */
export class PadStreams {
  readonly #open = new Map<ServerResponse, OpenPage>();
  readonly #report: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #isEnded = false;

  /** @param report takes what went wrong in the timer, which goes on */
  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  /** Begins the stream of a page, with the page as it is now. */
  start(response: ServerResponse, followed: Followed): void {
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      // proxies pass it on as it comes
      'X-Accel-Buffering': 'no',
      // a server that closes need not wait for the connection to become idle
      Connection: 'close',
    });
    const page = new OpenPage(response, followed);
    this.#open.set(response, page);
    response.once('close', () => this.#forget(response));
    this.#timer ??= setInterval(() => this.#lookAtAll(), INTERVAL).unref();
    this.#look(response, page);
    // a page that comes back while the server closes hears once more how things are
    if (this.#isEnded) response.end();
  }

  /** Ends them all, so that the server can close. */
  end(): void {
    this.#isEnded = true;
    for (const response of this.#open.keys()) response.end();
  }

  get size(): number {
    return this.#open.size;
  }

  #forget(response: ServerResponse): void {
    this.#open.delete(response);
    if (this.#open.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #lookAtAll(): void {
    for (const [response, page] of this.#open) this.#look(response, page);
  }

  /** A page that cannot be made ends its own stream, and no other. */
  #look(response: ServerResponse, page: OpenPage): void {
    try {
      page.look();
    } catch (error) {
      this.#report(error);
      response.end();
    }
  }
}
