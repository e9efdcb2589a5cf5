import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { nameOf } from './guard-proofs.js';

/** One side of an interleaving: statements, the last of which commits. One that begins with `!` must hit a row. */
export type Script = readonly string[];

/** What became of a side: committed, or what ended it. */
export type Ending = 'committed' | 'no row' | (string & {});

/** All orders in which two scripts of these lengths can be mixed: which side takes each step. */
export function interleavings(a: number, b: number): ('a' | 'b')[][] {
  if (a === 0) return [Array.from({ length: b }, () => 'b' as const)];
  if (b === 0) return [Array.from({ length: a }, () => 'a' as const)];
  return [
    ...interleavings(a - 1, b).map((rest) => ['a' as const, ...rest]),
    ...interleavings(a, b - 1).map((rest) => ['b' as const, ...rest]),
  ];
}

/**
 * Runs two scripts on connections of their own in an order. A side that waits for a lock takes its steps as soon as it
 * can; whatever is left is taken in the end.
 */
export async function runInterleaved(
  order: readonly ('a' | 'b')[],
  sides: { readonly a: Side; readonly b: Side },
): Promise<{ readonly a: Ending; readonly b: Ending }> {
  for (const side of order) await sides[side].step();
  return { a: await sides.a.end(), b: await sides.b.end() };
}

/** One connection and its script. */
export class Side {
  #taken = 0;
  #due = 0;
  #ending: Ending | null = null;
  #running: Promise<void> | null = null;
  readonly #client: pg.Client;
  readonly #watch: (pid: number) => Promise<boolean>;
  readonly #pid: number;
  readonly #script: Script;

  constructor(
    { client, pid, isBlocked }: { client: pg.Client; pid: number; isBlocked: (pid: number) => Promise<boolean> },
    script: Script,
  ) {
    this.#client = client;
    this.#pid = pid;
    this.#watch = isBlocked;
    this.#script = script;
  }

  /** Takes the next step; comes back when it is done or waits for the other side. */
  async step(): Promise<void> {
    this.#due += 1;
    this.#running ??= this.#work();
    await this.#doneOrBlocked();
  }

  /** Waits until the script is over. */
  async end(): Promise<Ending> {
    await this.#running;
    return this.#ending ?? 'never began';
  }

  async #doneOrBlocked(): Promise<void> {
    const running = this.#running;
    if (running === null) return;
    const done = running.then(() => true as const);
    for (;;) {
      if ((await Promise.race([done, delay(2)])) === true) return;
      if (await this.#watch(this.#pid)) return;
    }
  }

  async #work(): Promise<void> {
    while (this.#taken < this.#due && this.#ending === null) {
      const statement = this.#script[this.#taken] ?? '';
      if (this.#taken === 0) await this.#client.query('begin');
      this.#taken += 1;
      await this.#take(statement);
    }
    this.#running = null;
  }

  async #take(statement: string): Promise<void> {
    try {
      const { rowCount } = await this.#client.query(statement.replace(/^!/, ''));
      if (statement === 'commit') this.#ending = 'committed';
      if (statement.startsWith('!') && rowCount === 0) {
        await this.#client.query('rollback');
        this.#ending = 'no row';
      }
    } catch (error) {
      await this.#client.query('rollback');
      this.#ending = nameOf(error);
    }
  }
}
