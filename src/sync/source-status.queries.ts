import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.types.js';
import { SOURCE_NAMES } from '../config/sources.js';
import { sourceStatus, type SourceStatus } from './source-status.js';
import { SyncQueries } from './sync.queries.js';

/** Reads how every source is doing. */
@Injectable()
export class SourceStatusQueries {
  constructor(
    private readonly sync: SyncQueries,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Every source, in the order in which they are first read. */
  async all(now: Date = new Date()): Promise<readonly SourceStatus[]> {
    const facts = await this.sync.sources(SOURCE_NAMES);
    return facts.map((source) => sourceStatus(source, this.config.schedules, now));
  }
}
