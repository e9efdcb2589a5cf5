import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { utc } from '../../database/sql-conditions.js';
import { networkSettingsOf } from '../domain/default-settings.js';
import type { NetworkSettings } from '../domain/network-settings.js';

/** The settings that count, with their version; 0 stands for those that nobody has changed. */
export interface CurrentNetworkSettings {
  readonly version: number;
  readonly settings: NetworkSettings;
}

/** One version of the settings. */
export interface NetworkSettingsVersion extends CurrentNetworkSettings {
  readonly reason: string;
  /** Who changed them, as the reference of an actor. */
  readonly actor: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

/** Versions shown; older ones stay stored. */
const SHOWN = 50;

/** Reads by what networks are judged, now and before. */
@Injectable()
export class NetworkSettingsQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** What counts now. */
  async current(tx: EntityManager = this.dataSource.manager): Promise<CurrentNetworkSettings> {
    const [latest] = await tx.query<{ version: number; settings: Readonly<Record<string, unknown>> }[]>(
      'select version, settings from network_settings order by version desc limit 1',
    );
    return { version: latest?.version ?? 0, settings: networkSettingsOf(latest?.settings ?? {}) };
  }

  /** The latest versions, the last first. */
  async versions(): Promise<NetworkSettingsVersion[]> {
    const rows = await this.dataSource.query<
      (Omit<NetworkSettingsVersion, 'settings'> & { readonly settings: Readonly<Record<string, unknown>> })[]
    >(
      `select version, settings, reason, actor, ${utc('created_at')} as "createdAt" from network_settings
       order by version desc limit ${SHOWN}`,
    );
    return rows.map((row) => ({ ...row, settings: networkSettingsOf(row.settings) }));
  }
}
