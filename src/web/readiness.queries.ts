import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';

/** How the database stands. */
export type DatabaseState = 'ready' | 'does not answer' | 'lacks migrations';

/** How busy the process's connections are. */
export interface PoolUse {
  readonly inUse: number;
  readonly idle: number;
  /** Requests that wait for a connection. */
  readonly waiting: number;
}

/** Longest that the database may take to answer a trifle. */
const PATIENCE_MILLISECONDS = 1_000;

/** Looks whether requests can be answered. */
@Injectable()
export class ReadinessQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** Never throws: no answer is an answer. A schema newer than this program is fine. */
  async database(): Promise<DatabaseState> {
    const patience = new AbortController();
    const late = delay(PATIENCE_MILLISECONDS, null, { signal: patience.signal }).catch(() => null);
    const applied = this.dataSource
      .query<{ name: string }[]>('select name from schema_migration')
      .then((rows) => new Set(rows.map((row) => row.name)))
      .catch(() => null);
    const names = await Promise.race([applied, late]);
    patience.abort();
    if (names === null) return 'does not answer';
    return this.dataSource.migrations.every((migration) => names.has(migration.name ?? migration.constructor.name))
      ? 'ready'
      : 'lacks migrations';
  }

  /** Counts the connections of this process. */
  pool(): PoolUse {
    // TypeORM's Postgres driver keeps node-postgres' pool as `master`.
    const { master } = this.dataSource.driver as unknown as { readonly master: Pool };
    return { inUse: master.totalCount - master.idleCount, idle: master.idleCount, waiting: master.waitingCount };
  }
}
