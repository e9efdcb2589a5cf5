import { Injectable } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { Transactor } from '../../database/transactor.js';
import type { Place, StatedConnection } from '../domain/network-words.js';
import { noteNetworkChange } from '../network-changes.service.js';

/** A check that was made elsewhere, and that its person agreed to keep. */
export interface CheckMadeElsewhere {
  readonly personEntraId: string;
  /** ISO 8601. */
  readonly checkedAt: string;
  readonly place: Place;
  /** Name of the site of an office; one that is not entered is not known. */
  readonly siteName: string | null;
  readonly connection: StatedConnection;
  readonly samples: number;
  readonly roundTripMs: number;
  readonly jitterMs: number;
  readonly lateRatio: number;
  readonly downloadKbps: number;
  readonly uploadKbps: number;
  readonly loadedRoundTripMs: number | null;
  /** A UUID, by which a check that comes twice is kept once. */
  readonly submission: string;
}

/** Takes over checks that were made before, or with something else. */
@Injectable()
export class ChecksTakeOverService {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Keeps the checks of everybody who is in the directory, each once.
   * @param method what they were made with, as a check says it
   * @returns how many were new
   */
  async takeOver(checks: readonly CheckMadeElsewhere[], method: string, actor: Actor): Promise<number> {
    return this.transactor.run(async (tx) => {
      const kept = await tx.query<{ person: string }[]>(INSERT, [JSON.stringify(checks), method]);
      await noteNetworkChange(tx, { kind: 'home', subjects: kept.map(({ person }) => person) });
      await appendToAudit(tx, {
        event: 'connection-check.taken-over',
        actor,
        subject: null,
        details: { count: kept.length },
      });
      return kept.length;
    });
  }
}

const INSERT = `
  with kept as (
    insert into connection_check (person_entra_id, checked_at, place, site_id, connection, method, samples, round_trip_ms,
      jitter_ms, late_ratio, download_kbps, upload_kbps, loaded_round_trip_ms, submission)
    select given."personEntraId", given."checkedAt", given.place, case given.place when 'office' then site.id end,
      given.connection, $2, given.samples, given."roundTripMs", given."jitterMs", given."lateRatio", given."downloadKbps",
      given."uploadKbps", given."loadedRoundTripMs", given.submission
    from jsonb_to_recordset($1::jsonb) as given("personEntraId" text, "checkedAt" timestamptz, place text, "siteName" text,
      connection text, samples integer, "roundTripMs" real, "jitterMs" real, "lateRatio" real, "downloadKbps" integer,
      "uploadKbps" integer, "loadedRoundTripMs" real, submission uuid)
    join person on person.entra_id = given."personEntraId"
    left join network_site as site on lower(site.name) = lower(given."siteName")
    order by given."checkedAt", given.submission
    on conflict on constraint connection_check_submission_key do nothing
    returning person_entra_id)
  select person_entra_id as person from kept`;
