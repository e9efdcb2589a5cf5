import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';
import { Transactor } from '../../src/database/transactor.js';

/** Milliseconds in which a connection is gone after it was ended. */
const MOST_TO_END = 10_000;

/** Transactions whose connection can be cut before any of their statements, as when the database or the process dies. */
export class CrashingConnection {
  readonly transactor: Transactor;
  #before: number | null = null;
  #hasCrashed = false;
  #fault: Error | null = null;
  #noticed: Promise<void> = Promise.resolve();

  constructor(private readonly dataSource: DataSource) {
    const createQueryRunner = (): QueryRunner => this.#watched(dataSource.createQueryRunner());
    this.transactor = new Transactor({ createQueryRunner } as unknown as DataSource);
  }

  /**
   * Runs a command, with its connection cut before its statement of this number; the last one is the commit.
   * @returns whether it was cut: a command of fewer statements goes through
   */
  async run<T>(
    before: number | null,
    command: () => Promise<T>,
  ): Promise<{ readonly hasCrashed: boolean; readonly error: unknown; readonly result: T | null }> {
    this.#before = before;
    this.#hasCrashed = false;
    const { error, result } = await command().then(
      (result) => ({ error: null, result }),
      (error: unknown) => ({ error, result: null }),
    );
    this.#before = null;
    if (this.#fault !== null) throw this.#fault;
    // A command that was refused says nothing more on its connection, which must not be the next one's.
    if (this.#hasCrashed) await this.#noticed;
    return { hasCrashed: this.#hasCrashed, error, result };
  }

  #watched(runner: QueryRunner): QueryRunner {
    let statements = 0;
    const query = runner.query.bind(runner) as (statement: string, ...more: unknown[]) => Promise<unknown>;
    const watched = async (statement: string, ...more: unknown[]): Promise<unknown> => {
      statements += 1;
      if (statements === this.#before && !this.#hasCrashed) {
        this.#hasCrashed = true;
        const client = (await runner.connect()) as { processID: number; once(event: 'end', told: () => void): void };
        this.#noticed = new Promise((told) => client.once('end', told));
        await this.#cut(client.processID);
      }
      return query(statement, ...more);
    };
    return Object.assign(runner, { query: watched });
  }

  /** Ends a connection, and waits until it is gone, so that what it held is free for the next command. */
  async #cut(processId: number): Promise<void> {
    const until = performance.now() + MOST_TO_END;
    await this.dataSource.query('select pg_terminate_backend($1)', [processId]);
    for (;;) {
      const left = await this.dataSource.query<object[]>(
        'select state, wait_event_type, wait_event, query from pg_stat_activity where pid = $1',
        [processId],
      );
      if (left.length === 0) return;
      if (performance.now() > until) {
        this.#fault = new Error(`A connection that was ended is still there: ${JSON.stringify(left)}`);
        return;
      }
      await delay(1);
    }
  }
}
