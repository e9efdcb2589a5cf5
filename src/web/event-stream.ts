import { Readable } from 'node:stream';

/** Bytes that a listener who does not read may keep waiting before it is let go. */
const MOST_WAITING_BYTES = 64 * 1024;

/** One open answer of server-sent events (HTML standard, section 9.2). */
export class EventStream {
  /** What a controller returns, as `text/event-stream`. */
  readonly body: Readable;

  /** @param ended called once when the listener goes or is let go. */
  constructor(ended: () => void) {
    this.body = new Readable({ read: () => undefined });
    this.body.once('close', ended);
    // Not to be held back by a proxy until more has come.
    this.write(': begins\n\n');
  }

  /** Sends an event with a JSON value. */
  send(event: string, value: unknown): void {
    this.write(`event: ${event}\ndata: ${JSON.stringify(value)}\n\n`);
  }

  /** Sends nothing, so that neither proxies nor browsers take the connection for dead. */
  beat(): void {
    this.write(':\n\n');
  }

  end(): void {
    this.body.push(null);
  }

  private write(text: string): void {
    if (this.body.destroyed || this.body.readableEnded) return;
    if (this.body.readableLength > MOST_WAITING_BYTES) this.body.destroy();
    else this.body.push(text);
  }
}
