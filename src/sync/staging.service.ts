import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ConvertedPage } from './domain/record-conversion.js';
import type { Lease } from './lease.service.js';
import { LeaseLost } from './run-failure.js';
import { stagingTable } from './sources/source.js';

/** Figures of a run so far, written with every page so that whoever watches sees it move. */
export interface RunFigures {
  readonly pages: number;
  readonly rowsRead: number;
  readonly quarantined: number;
  readonly sanitised: number;
  readonly unknownProperties: number;
  readonly requests: number;
  readonly retries: number;
  readonly resourceUnits: number;
  readonly throttledMilliseconds: number;
  readonly expectedRows: number | null;
}

/** Keeps what a run has read until all of it is there. */
@Injectable()
export class StagingService {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Stages one page in one statement, which also prolongs the lease and shows the progress. None of that needs to
   * survive a crash, so the statement does not wait for the disk. A record that an earlier
   * page brought is overwritten property by property.
   * @returns how many records were not staged before.
   * @throws LeaseLost when another process holds the source by now; then nothing is staged.
   */
  async stage(lease: Lease, page: ConvertedPage, figures: RunFigures, leaseSeconds: number): Promise<number> {
    const table = stagingTable(lease.source);
    const [answer] = await this.dataSource.query<{ fenced: number; added: number }[]>(
      `with fence as (
         update sync_source set lease_until = clock_timestamp() + $5 * interval '1 second'
         where source = $1 and lease_run_id = $2 and fence = $3 returning 1
       ), progress as (
         update sync_run set pages = ($6::jsonb->>'pages')::int, rows_read = ($6::jsonb->>'rowsRead')::int,
           quarantined = ($6::jsonb->>'quarantined')::int, sanitised = ($6::jsonb->>'sanitised')::int,
           unknown_properties = ($6::jsonb->>'unknownProperties')::int, requests = ($6::jsonb->>'requests')::int,
           retries = ($6::jsonb->>'retries')::int, resource_units = ($6::jsonb->>'resourceUnits')::int,
           throttled_milliseconds = ($6::jsonb->>'throttledMilliseconds')::int,
           expected_rows = ($6::jsonb->>'expectedRows')::int
         where id = $2 and exists (select from fence)
       ), quarantine as (
         insert into sync_quarantine (run_id, source, external_id, field, reason)
         select $2, $1, item.external_id, item.field, item.reason
         from jsonb_to_recordset($7::jsonb) as item(external_id text, field text, reason text)
         where exists (select from fence)
       ), staged as (
         insert into ${table} as staging (source, run_id, external_id, removal, quarantined, fields)
         select $1, $2, item.id, item.removal, item.quarantined, item.fields
         from json_to_recordset($4::json) as item(id text, removal text, quarantined boolean, fields json)
         where exists (select from fence)
         on conflict (external_id) do update set removal = excluded.removal, quarantined = excluded.quarantined,
           fields = case when excluded.removal is null and staging.removal is null
             then (staging.fields::jsonb || excluded.fields::jsonb || case
               when staging.fields::jsonb ? 'attributes' and excluded.fields::jsonb ? 'attributes'
               then jsonb_build_object('attributes',
                 (staging.fields->'attributes')::jsonb || (excluded.fields->'attributes')::jsonb)
               else '{}' end)::json
             else excluded.fields end
         returning xmax = 0 as first
       )
       select (select count(*)::int from fence) as fenced, (select count(*)::int from staged where first) as added,
              set_config('synchronous_commit', 'off', true)`,
      [
        lease.source.name,
        lease.runId,
        lease.fence,
        JSON.stringify(stagedRows(page)),
        leaseSeconds,
        JSON.stringify(figures),
        JSON.stringify(page.quarantined.map((item) => ({ ...item, external_id: item.externalId }))),
      ],
    );
    if (answer?.fenced !== 1) throw new LeaseLost();
    return answer.added;
  }

  /** Throws away what was staged, for a read that begins again. */
  async clear(lease: Lease): Promise<void> {
    await this.dataSource.query(
      `delete from ${stagingTable(lease.source)} where exists (
         select from sync_source where source = $1 and lease_run_id = $2 and fence = $3)`,
      [lease.source.name, lease.runId, lease.fence],
    );
  }

  /** Lets the planner know how much was staged; nobody else does, as these tables live for minutes. */
  async analyse(lease: Lease): Promise<void> {
    await this.dataSource.query(`analyze ${stagingTable(lease.source)} (external_id, removal, quarantined)`);
  }
}

/** A quarantined record is staged too: it was shown, so it must not be taken for absent. */
function stagedRows(page: ConvertedPage): object[] {
  const rows: object[] = [];
  for (const { externalId, removal, fields } of page.records.values()) {
    rows.push({ id: externalId, removal, quarantined: false, fields });
  }
  const shown = new Set(page.records.keys());
  for (const { externalId } of page.quarantined) {
    if (externalId === null || shown.has(externalId)) continue;
    shown.add(externalId);
    rows.push({ id: externalId, removal: null, quarantined: true, fields: {} });
  }
  return rows;
}
