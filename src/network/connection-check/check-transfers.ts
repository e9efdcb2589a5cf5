import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { CheckLimits } from './check-limits.js';

/** Which way the bytes go, as the person at the other end sees it. */
export type Direction = 'down' | 'up';

/** Why a transfer is not made: too large, no more bytes for this check, or too many at once. */
export type TransferRefusal = 'too-large' | 'used-up' | 'busy';

/** What one check has had so far. */
interface Meter {
  readonly begunAt: number;
  readonly bytes: Record<Direction, number>;
  pings: number;
  isBusy: boolean;
}

/** A piece that is sent or read at once. */
const PIECE_BYTES = 32 * 1024;
/** Noise, so that nothing between here and the browser can pack it; each answer starts somewhere else in it. */
const NOISE = randomBytes(1024 * 1024);

/**
 * Gives checks their bytes: bounded for each check and each transfer, none faster than its share, one at a time for each
 * check, and no more at once than there are places, whoever issued the tickets. It stands in the memory of one process;
 * a check whose requests reach several has its bounds in each of them.
 */
export class CheckTransfers {
  readonly #meters = new Map<string, Meter>();
  #running = 0;

  constructor(private readonly limits: CheckLimits) {}

  /** Transfers that are going on. */
  get running(): number {
    return this.#running;
  }

  /**
   * Begins a transfer of the check. Whoever gets one has to end it, by reading what `noise` gives or with `end`.
   * @param now milliseconds
   */
  begin(id: string, direction: Direction, bytes: number, now: number): Transfer | TransferRefusal {
    if (bytes > this.limits.transferBytes) return 'too-large';
    const meter = this.#meterOf(id, now);
    if (meter.bytes[direction] + bytes > this.limits.bytes) return 'used-up';
    if (meter.isBusy || this.#running >= this.limits.atOnce) return 'busy';
    meter.bytes[direction] += bytes;
    meter.isBusy = true;
    this.#running++;
    const ended = (): void => {
      meter.isBusy = false;
      this.#running--;
    };
    return new Transfer(this.limits, ended);
  }

  /** Whether the check may have one more empty answer, to see how long that takes. */
  ping(id: string, now: number): boolean {
    return ++this.#meterOf(id, now).pings <= this.limits.pings;
  }

  #meterOf(id: string, now: number): Meter {
    this.#forgetOld(now);
    const meter = this.#meters.get(id) ?? { begunAt: now, bytes: { down: 0, up: 0 }, pings: 0, isBusy: false };
    this.#meters.set(id, meter);
    return meter;
  }

  #forgetOld(now: number): void {
    for (const [id, { begunAt, isBusy }] of this.#meters) {
      if (!isBusy && begunAt + this.limits.seconds * 1000 <= now) this.#meters.delete(id);
    }
  }
}

/** One file on its way. */
export class Transfer {
  readonly #startedAt = performance.now();
  #passed = 0;
  #ended = false;

  constructor(
    private readonly limits: Pick<CheckLimits, 'bytesPerSecond' | 'seconds'>,
    private readonly ended: () => void,
  ) {}

  /**
   * So many bytes of noise, no faster than the share. The transfer ends with them, when nobody is there any more to read
   * them, and at the latest when a check has to be over.
   */
  noise(bytes: number): Readable {
    const stream = Readable.from(this.#pieces(bytes), { objectMode: false, highWaterMark: PIECE_BYTES });
    const last = setTimeout(() => stream.destroy(), this.limits.seconds * 1000).unref();
    return stream.once('close', () => {
      clearTimeout(last);
      this.end();
    });
  }

  /** Reads what comes and drops it, no faster than the share. @returns how many bytes came, which may be one too many */
  async swallow(body: AsyncIterable<Buffer>, mostBytes: number): Promise<number> {
    try {
      for await (const piece of body) {
        await this.#pace(piece.length);
        if (this.#passed > mostBytes) break;
      }
      return this.#passed;
    } finally {
      this.end();
    }
  }

  /** Leaves the place to others; once is enough. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.ended();
  }

  async *#pieces(bytes: number): AsyncGenerator<Buffer> {
    for (let left = bytes; left > 0;) {
      const length = Math.min(left, PIECE_BYTES);
      const from = (this.#passed + Math.floor(Math.random() * 64)) % (NOISE.length - PIECE_BYTES);
      left -= length;
      // The browser may ask for the next file as soon as it has the last byte of this one.
      if (left === 0) this.end();
      yield NOISE.subarray(from, from + length);
      if (left > 0) await this.#pace(length);
    }
  }

  /** Waits until so many more bytes fit into the share. */
  async #pace(bytes: number): Promise<void> {
    this.#passed += bytes;
    const due = this.#startedAt + (this.#passed / this.limits.bytesPerSecond) * 1000;
    const early = due - performance.now();
    if (early >= 1) await delay(early);
  }
}
