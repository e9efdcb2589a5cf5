import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { utc } from '../../database/sql-conditions.js';

/** One version of a programme's settings. */
export interface SettingsVersion {
  readonly version: number;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly reason: string;
  readonly actor: string;
  readonly at: string;
}

/** A product that can be chosen as a licence that serves. */
export interface SubscribedProduct {
  readonly skuId: string;
  readonly partNumber: string;
}

/** Versions shown; older ones stay stored. */
const SHOWN = 50;

/** Reads the versions of a programme's settings, and what can be chosen in them. */
@Injectable()
export class SettingsHistoryQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** The latest versions, the last first. */
  versions(programmeId: number): Promise<SettingsVersion[]> {
    return this.dataSource.query<SettingsVersion[]>(
      `select version, settings, reason, actor, ${utc('at')} as at from rollout_settings
       where programme_id = $1 order by version desc limit ${SHOWN}`,
      [programmeId],
    );
  }

  /** The products that the tenant subscribes to. */
  products(): Promise<SubscribedProduct[]> {
    return this.dataSource.query<SubscribedProduct[]>(
      `select sku_id as "skuId", coalesce(sku_part_number, sku_id) as "partNumber" from subscribed_sku
       where presence <> 'gone' order by 2, 1`,
    );
  }
}
