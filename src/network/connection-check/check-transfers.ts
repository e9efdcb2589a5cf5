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
  readonly pace: Record<Direction, Pace>;
  pings: number;
  running: number;
}

/** Transfers of one check at a time; a few side by side fill a line better than one. */
const SIDE_BY_SIDE = 6;
/** A piece that is sent or read at once. */
const PIECE_BYTES = 32 * 1024;
/** Noise, so that nothing between here and the browser can pack it; each piece starts somewhere else in it. */
const NOISE = randomBytes(1024 * 1024);

/**
 * Gives checks their bytes: bounded for each check and each transfer, no check faster than its share, and no more checks
 * at once than there are places, whoever issued their tickets. It stands in the memory of one process; a check whose
 * requests reach several has its bounds in each of them.
 */
export class CheckTransfers {
  readonly #meters = new Map<string, Meter>();
  #busy = 0;

  constructor(private readonly limits: CheckLimits) {}

  /** Checks whose transfers are going on. */
  get busy(): number {
    return this.#busy;
  }

  /**
   * Begins a transfer of the check. Whoever gets one has to end it, by reading what `noise` gives or with `end`.
   * @param now milliseconds
   */
  begin(id: string, direction: Direction, bytes: number, now: number): Transfer | TransferRefusal {
    if (bytes > this.limits.transferBytes) return 'too-large';
    const meter = this.#meterOf(id, now);
    if (meter.bytes[direction] + bytes > this.limits.bytes) return 'used-up';
    const hasPlace = meter.running > 0 ? meter.running < SIDE_BY_SIDE : this.#busy < this.limits.atOnce;
    if (!hasPlace) return 'busy';
    meter.bytes[direction] += bytes;
    if (meter.running++ === 0) this.#busy++;
    return new Transfer(meter.pace[direction], this.limits.seconds, () => {
      if (--meter.running === 0) this.#busy--;
    });
  }

  /** Whether the check may have one more empty answer, to see how long that takes. */
  ping(id: string, now: number): boolean {
    return ++this.#meterOf(id, now).pings <= this.limits.pings;
  }

  #meterOf(id: string, now: number): Meter {
    for (const [other, { begunAt, running }] of this.#meters) {
      if (running === 0 && begunAt + this.limits.seconds * 1000 <= now) this.#meters.delete(other);
    }
    const { bytesPerSecond } = this.limits;
    const meter = this.#meters.get(id) ?? {
      begunAt: now,
      bytes: { down: 0, up: 0 },
      pace: { down: new Pace(bytesPerSecond), up: new Pace(bytesPerSecond) },
      pings: 0,
      running: 0,
    };
    this.#meters.set(id, meter);
    return meter;
  }
}

/** The share of a check in one direction. */
class Pace {
  #dueAt = 0;

  constructor(private readonly bytesPerSecond: number) {}

  /** Waits until so many more bytes are due. */
  async take(bytes: number): Promise<void> {
    const now = performance.now();
    this.#dueAt = Math.max(this.#dueAt, now) + (bytes / this.bytesPerSecond) * 1000;
    // Timers know whole milliseconds, and what was waited too long is made good by not waiting next time.
    if (this.#dueAt - now >= 1) await delay(this.#dueAt - now);
  }
}

/** One file on its way. */
export class Transfer {
  #ended = false;

  constructor(
    private readonly pace: Pace,
    private readonly seconds: number,
    private readonly ended: () => void,
  ) {}

  /**
   * So many bytes of noise, no faster than the share. The transfer ends with them, when nobody is there any more to read
   * them, and at the latest when a check has to be over.
   */
  noise(bytes: number): Readable {
    const stream = Readable.from(this.#pieces(bytes), { objectMode: false, highWaterMark: PIECE_BYTES });
    const last = setTimeout(() => stream.destroy(), this.seconds * 1000).unref();
    return stream.once('close', () => {
      clearTimeout(last);
      this.end();
    });
  }

  /** Reads what comes and drops it, no faster than the share. @returns how many bytes came, at the most one piece too many */
  async swallow(body: AsyncIterable<Buffer>, mostBytes: number): Promise<number> {
    let came = 0;
    try {
      for await (const piece of body) {
        came += piece.length;
        if (came > mostBytes) break;
        await this.pace.take(piece.length);
      }
      return came;
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
      const from = Math.floor(Math.random() * (NOISE.length - PIECE_BYTES));
      left -= length;
      // The browser may ask for the next file as soon as it has the last byte of this one.
      if (left === 0) this.end();
      yield NOISE.subarray(from, from + length);
      if (left > 0) await this.pace.take(length);
    }
  }
}
