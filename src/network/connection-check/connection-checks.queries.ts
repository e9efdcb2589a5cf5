import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { placeOf, type AddressPlace } from '../address-places.queries.js';
import type { CheckFigures } from '../domain/check-assessment.js';
import type { NetworkSettings } from '../domain/network-settings.js';
import type { Place, StatedConnection } from '../domain/network-words.js';
import { NetworkSettingsQueries } from '../settings/network-settings.queries.js';
import { MOST_KEPT } from './connection-checks.service.js';

/** A result as its person sees it. */
export interface KeptCheck {
  readonly id: number;
  readonly checkedAt: Date;
  readonly place: Place;
  /** Only where the place is an office that is known. */
  readonly site: string | null;
  readonly connection: StatedConnection;
  readonly figures: CheckFigures;
}

/** Reads results of connection checks, for their own person only. */
@Injectable()
export class ConnectionChecksQueries {
  constructor(
    private readonly dataSource: DataSource,
    private readonly networkSettings: NetworkSettingsQueries,
  ) {}

  /** All that a person keeps, the latest first. */
  async of(personEntraId: string | null): Promise<readonly KeptCheck[]> {
    const rows = await this.dataSource.query<(Omit<KeptCheck, 'figures'> & CheckFigures)[]>(
      `select kept.id, kept.checked_at as "checkedAt", kept.place, site.name as site, kept.connection, kept.samples,
         kept.round_trip_ms as "roundTripMs", kept.jitter_ms as "jitterMs", kept.late_ratio as "lateRatio",
         kept.download_kbps as "downloadKbps", kept.upload_kbps as "uploadKbps",
         kept.loaded_round_trip_ms as "loadedRoundTripMs"
       from connection_check as kept left join network_site as site on site.id = kept.site_id
       where kept.person_entra_id = $1 order by kept.checked_at desc, kept.id desc limit ${MOST_KEPT}`,
      [personEntraId],
    );
    return rows.map(({ id, checkedAt, place, site, connection, ...figures }) => ({
      ...{ id, checkedAt, place, site, connection },
      figures,
    }));
  }

  /** Where the sender of a request is; its address is not kept. */
  placeOf(address: string): Promise<AddressPlace> {
    return placeOf(this.dataSource.manager, address);
  }

  /** The thresholds that count. */
  async settings(): Promise<NetworkSettings> {
    return (await this.networkSettings.current()).settings;
  }
}
