import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Actor } from '../audit/actor.js';
import { appendToAudit, type AuditEntry } from '../audit/audit-trail.js';
import type { SourceName } from '../config/sources.js';
import { Transactor } from '../database/transactor.js';
import { SQLSTATE, sqlstateOf } from '../database/sqlstate.js';
import type { ReadKind } from './domain/record-conversion.js';
import { actorOf, ENDED_RUN, runEntry, type EndedRun } from './run-audit.js';
import { LeaseLost } from './run-failure.js';
import { stagingTable, type Source } from './sources/source.js';
import type { RefusedRun, RunRequest, RunTrigger } from './sync.types.js';

/** The right to run one source, until it expires or is passed on; `fence` rises with every holder. */
export interface Lease {
  readonly source: Source;
  readonly runId: string;
  readonly fence: string;
  readonly kind: ReadKind;
  readonly cursor: string | null;
  readonly expectedRows: number | null;
}

/** The tenant whose records the database holds, and where its Graph is. */
export interface TenantIdentity {
  readonly tenantId: string;
  /** Origin of Graph; a cursor is a link to it and worth nothing at another address. */
  readonly graphOrigin: string;
  readonly kind: 'demonstration' | 'tenant';
}

/** Delta tokens of the directory live for seven days (Microsoft Graph, delta query overview); one day is kept spare. */
const CURSOR_LIFE = '6 days';
/** A complete read this often heals whatever a delta does not track. */
const FULL_READ_EVERY = '7 days';

/** One run at a time for each source, across processes: a lease in the database with a fencing number. */
@Injectable()
export class LeaseService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transactor: Transactor,
  ) {}

  /**
   * Takes the lease and opens the run's record, or says why not. A run whose lease ran out is closed as abandoned, and
   * whatever it had staged is thrown away.
   */
  async acquire(
    source: Source,
    request: RunRequest,
    tenant: TenantIdentity,
    seconds: number,
  ): Promise<Lease | RefusedRun> {
    try {
      return await this.transactor.run(async (tx) => {
        const entries: AuditEntry[] = [];
        const taken = await this.take(tx, source, request, tenant, seconds, entries);
        await appendToAudit(tx, entries);
        return taken;
      });
    } catch (error) {
      if (sqlstateOf(error) !== SQLSTATE.uniqueViolation) throw error;
      return refused(source, 'slot-taken', 'This scheduled run has already been made.');
    }
  }

  private async take(
    tx: EntityManager,
    source: Source,
    request: RunRequest,
    tenant: TenantIdentity,
    seconds: number,
    entries: AuditEntry[],
  ): Promise<Lease | RefusedRun> {
    const bound = await bindTenant(tx, tenant, actorOf(request.trigger, request.requestedBy), entries);
    if (bound !== null) return refused(source, 'other-tenant', bound);
    const [state] = await tx.query<LeaseState[]>(
      `select paused_at is not null as paused, coalesce(lease_until > clock_timestamp(), false) as leased,
              fence + 1 as fence, cursor, lease_run_id,
              cursor is not null and starts_with(cursor, $3) and cursor_query = $2 and cursor_saved_at > now() - interval '${CURSOR_LIFE}'
                and last_full_at > now() - interval '${FULL_READ_EVERY}' as cursor_usable,
              (select max(rows_read) from (select rows_read from sync_run
                where source = $1 and kind = 'full' and status in ('succeeded', 'held') order by id desc limit 1) last) as expected
       from sync_source where source = $1 for update`,
      [source.name, source.deltaPath, `${tenant.graphOrigin}/`],
    );
    if (!state) throw new Error(`Source ${source.name} has no row in sync_source.`);
    if (state.leased) return refused(source, 'already-running', 'Another process is running this source.');
    if (state.paused && !BY_HAND.has(request.trigger)) return refused(source, 'paused', 'The source is paused.');

    const abandoned = await tx.query<EndedRun[]>(
      `with abandoned as (
         update sync_run set status = 'abandoned', finished_at = now(), error_code = 'abandoned',
              error_message = 'The process that ran it died or stopped answering.',
              error_fix = 'Nothing was changed by it. A later run takes its place.'
         where source = $1 and status = 'running' returning *)
       select ${ENDED_RUN} from abandoned order by id`,
      [source.name],
    );
    entries.push(...abandoned.map(runEntry));
    await tx.query(`truncate ${stagingTable(source)}`);
    const kind: ReadKind = state.cursor_usable && request.full !== true ? 'delta' : 'full';
    const expectedRows = kind === 'full' ? state.expected : null;
    const [run] = await tx.query<{ id: string }[]>(
      `insert into sync_run (source, trigger, slot, requested_by, kind, dry_run, status, stage, fence, expected_rows)
       values ($1, $2, $3, $4, $5, $6, 'running', 'reading', $7, $8) returning id`,
      [
        source.name,
        request.trigger,
        request.slot ?? null,
        request.requestedBy ?? null,
        kind,
        request.dryRun ?? false,
        state.fence,
        expectedRows,
      ],
    );
    const runId = run?.id ?? '';
    await tx.query(
      `update sync_source set fence = $2, lease_run_id = $3, lease_until = clock_timestamp() + $4 * interval '1 second'
       where source = $1`,
      [source.name, state.fence, runId, seconds],
    );
    return { source, runId, fence: state.fence, kind, cursor: kind === 'delta' ? state.cursor : null, expectedRows };
  }

  /** Sources that nobody has ever read with success and that are not paused. */
  async neverSucceeded(): Promise<SourceName[]> {
    const rows = await this.dataSource.query<{ source: SourceName }[]>(
      `select source from sync_source where last_success_at is null and paused_at is null`,
    );
    return rows.map((row) => row.source);
  }

  /**
   * Prolongs the lease. @throws LeaseLost when another process holds it by now, or this run has given it up: a beat that
   * had to wait for the end of the run must not take the source again.
   */
  async prolong(lease: Lease, seconds: number): Promise<void> {
    const rows = await this.dataSource.query<unknown[]>(
      `with prolonged as (
         update sync_source set lease_until = clock_timestamp() + $4 * interval '1 second'
         where source = $1 and lease_run_id = $2 and fence = $3 and lease_until is not null returning 1)
       select 1 from prolonged`,
      [lease.source.name, lease.runId, lease.fence, seconds],
    );
    if (rows.length === 0) throw new LeaseLost();
  }

  /** Locks the source for the rest of the transaction. @throws LeaseLost when another process holds it by now. */
  async confirm(tx: EntityManager, lease: Lease): Promise<void> {
    const rows = await tx.query<unknown[]>(
      `select 1 from sync_source where source = $1 and lease_run_id = $2 and fence = $3 for update`,
      [lease.source.name, lease.runId, lease.fence],
    );
    if (rows.length === 0) throw new LeaseLost();
  }

  /** Gives the lease up, if this run still has it. */
  async release(tx: EntityManager, lease: Lease): Promise<void> {
    await tx.query(`update sync_source set lease_until = null where source = $1 and lease_run_id = $2 and fence = $3`, [
      lease.source.name,
      lease.runId,
      lease.fence,
    ]);
  }
}

/** A pause stops what nobody asked for; whoever asks for a run knows why. */
const BY_HAND: ReadonlySet<RunTrigger> = new Set(['command', 'person']);

interface LeaseState {
  readonly paused: boolean;
  readonly leased: boolean;
  readonly fence: string;
  readonly cursor: string | null;
  readonly cursor_usable: boolean;
  readonly expected: number | null;
}

/** A database holds one tenant's records; the sentence says what to do when it is another's. */
async function bindTenant(
  tx: EntityManager,
  tenant: TenantIdentity,
  actor: Actor,
  entries: AuditEntry[],
): Promise<string | null> {
  const made = await tx.query<unknown[]>(
    `with made as (insert into sync_tenant (tenant_id, kind) values ($1, $2) on conflict do nothing returning 1)
     select 1 from made`,
    [tenant.tenantId, tenant.kind],
  );
  if (made.length > 0) {
    // The row says which: a tenant may be named by its domain.
    entries.push({ event: 'sync.tenant-bound', actor, subject: null, details: { kind: tenant.kind } });
  }
  const [bound] = await tx.query<{ tenant_id: string; kind: string }[]>(`select tenant_id, kind from sync_tenant`);
  if (bound?.tenant_id === tenant.tenantId) return null;
  const holder = bound?.kind === 'demonstration' ? 'the demonstration tenant' : 'another tenant';
  return `The database holds the records of ${holder}. Use a database of its own for this tenant (DATABASE_URL or UNTETHER_HOME).`;
}

function refused(source: Source, reason: RefusedRun['reason'], message: string): RefusedRun {
  return { outcome: 'refused', source: source.name, reason, message };
}
