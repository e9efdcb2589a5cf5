import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import {
  DataSource,
  QueryRunnerAlreadyReleasedError,
  QueryRunnerProviderAlreadyReleasedError,
  type EntityManager,
} from 'typeorm';
import { SQLSTATE, sqlstateOf } from './sqlstate.js';

/** Attempts at one transaction that Postgres asks to be repeated (deadlock, serialization failure). */
const ATTEMPTS = 4;
const RETRIED: ReadonlySet<string | null> = new Set([SQLSTATE.serializationFailure, SQLSTATE.deadlockDetected]);

/** What the parts of a command send their statements with, in its transaction. */
export type Transaction = EntityManager;

/** The only way to write: one call is one transaction. */
@Injectable()
export class Transactor {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs `work` in one transaction and commits it; any error rolls back and is thrown on. The whole of `work` is
   * repeated when Postgres reports a deadlock or a serialization failure, so it must touch nothing but `tx`.
   */
  async run<T>(
    work: (tx: Transaction) => Promise<T>,
    isolation: 'READ COMMITTED' | 'SERIALIZABLE' = 'READ COMMITTED',
  ): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const runner = this.dataSource.createQueryRunner();
      try {
        await runner.connect();
        await runner.startTransaction(isolation);
        const result = await work(runner.manager);
        await runner.commitTransaction();
        return result;
      } catch (error) {
        // When the connection itself broke there is nothing to roll back, and the first error is the one to report.
        if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
        if (isGivenBack(error)) throw new Error('Connection terminated during the transaction.', { cause: error });
        if (attempt >= ATTEMPTS || !RETRIED.has(sqlstateOf(error))) throw error;
      } finally {
        if (!runner.isReleased) await runner.release().catch(() => undefined);
      }
      await delay(Math.random() * 20 * 2 ** attempt);
    }
  }
}

/** What TypeORM says of a connection that broke between two statements: it has given it back, which hides the cause. */
function isGivenBack(error: unknown): boolean {
  return error instanceof QueryRunnerAlreadyReleasedError || error instanceof QueryRunnerProviderAlreadyReleasedError;
}
