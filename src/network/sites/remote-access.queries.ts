import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { utc } from '../../database/sql-conditions.js';

/** A gateway for remote access as it is entered. */
export interface RemoteAccessView {
  readonly id: number;
  readonly name: string;
  readonly sessions: number;
  readonly downloadKbps: number;
  readonly uploadKbps: number;
  readonly allTraffic: boolean;
  /** Ranges of addresses that belong to it. */
  readonly ranges: number;
  readonly changedBy: string;
  readonly changedAt: string;
  readonly version: string;
}

const SELECT = `
  select id, name, sessions, download_kbps as "downloadKbps", upload_kbps as "uploadKbps", all_traffic as "allTraffic",
         (select count(*)::integer from network_range where remote_access_id = remote_access.id) as ranges,
         changed_by as "changedBy", ${utc('changed_at')} as "changedAt", version::text as version
  from remote_access`;

/** Reads gateways for remote access. */
@Injectable()
export class RemoteAccessQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** All gateways by name; a council has a few. */
  all(): Promise<RemoteAccessView[]> {
    return this.dataSource.query<RemoteAccessView[]>(`${SELECT} order by lower(name) limit 1000`);
  }

  /** One gateway; null when there is none. */
  async one(id: number): Promise<RemoteAccessView | null> {
    const [gateway] = await this.dataSource.query<RemoteAccessView[]>(`${SELECT} where id = $1`, [id]);
    return gateway ?? null;
  }
}
