import type { DataSource, QueryRunner } from 'typeorm';
import { Transactor } from '../../src/database/transactor.js';

/** Transactions whose connection can be cut before any of their statements, as when the database or the process dies. */
export class CrashingConnection {
  readonly transactor: Transactor;
  #before: number | null = null;
  #hasCrashed = false;

  constructor(private readonly dataSource: DataSource) {
    const createQueryRunner = (): QueryRunner => this.#watched(dataSource.createQueryRunner());
    this.transactor = new Transactor({ createQueryRunner } as unknown as DataSource);
  }

  /**
   * Runs a command, with its connection cut before its statement of this number; the last one is the commit.
   * @returns whether it was cut: a command of fewer statements goes through
   */
  async run(before: number | null, command: () => Promise<unknown>): Promise<{ hasCrashed: boolean; error: unknown }> {
    this.#before = before;
    this.#hasCrashed = false;
    try {
      await command();
      return { hasCrashed: this.#hasCrashed, error: null };
    } catch (error) {
      return { hasCrashed: this.#hasCrashed, error };
    } finally {
      this.#before = null;
    }
  }

  #watched(runner: QueryRunner): QueryRunner {
    let statements = 0;
    const query = runner.query.bind(runner) as (statement: string, ...more: unknown[]) => Promise<unknown>;
    const watched = async (statement: string, ...more: unknown[]): Promise<unknown> => {
      statements += 1;
      if (statements === this.#before && !this.#hasCrashed) {
        this.#hasCrashed = true;
        const [own] = (await query('select pg_backend_pid() as pid')) as { pid: number }[];
        // Waits until it is gone, so that what it held is free for the next command.
        await this.dataSource.query('select pg_terminate_backend($1, 5000)', [own?.pid]);
      }
      return query(statement, ...more);
    };
    return Object.assign(runner, { query: watched });
  }
}
