import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { appendToAudit } from '../audit/audit-trail.js';
import { Transactor } from '../database/transactor.js';
import type { ReadKind } from './domain/record-conversion.js';
import { judgeRead, type Verdict } from './domain/removal-guard.js';
import { HoldService, type RemovalCandidate } from './hold.service.js';
import { LeaseService, type Lease } from './lease.service.js';
import { mergeSql, type MergeSql } from './merge-sql.js';
import { ENDED_RUN, runEntry, type EndedRun } from './run-audit.js';
import { RunRejected } from './run-failure.js';
import type { RunFigures } from './staging.service.js';
import { stagingTable } from './sources/source.js';
import { NO_COUNTS, type RunCounts } from './sync.types.js';

/** A complete read, staged and ready to be decided on. */
export interface StagedRead {
  readonly kind: ReadKind;
  /** Where the next delta read starts; null where there is none. */
  readonly nextCursor: string | null;
  /** Graph's own count of the collection, when it gave one. */
  readonly announced: number | null;
  /** Distinct ids staged, as counted while reading. */
  readonly distinctIds: number;
  readonly figures: RunFigures;
  readonly minimumRequests: number;
  readonly minimumResourceUnits: number;
}

export interface MergeResult {
  readonly status: 'succeeded' | 'held';
  readonly counts: RunCounts;
  readonly note: string | null;
  /** False for a dry run and for a read that is held as a whole. */
  readonly applied: boolean;
}

interface StagedCounts {
  readonly active: number;
  readonly removed_within_day: number;
  readonly staged: number;
  readonly shown: number;
  readonly quarantined: number;
  readonly additions: number;
  readonly ignored: number;
  /** Records that are stored as present and that the read speaks of. */
  readonly known: number;
}

interface UpdatedCounts {
  readonly changed: number;
  readonly returned: number;
}

/** Decides what a staged read may change and changes it, rows, cursor and run record in one transaction. */
@Injectable()
export class MergeService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transactor: Transactor,
    private readonly leases: LeaseService,
    private readonly holds: HoldService,
  ) {}

  /**
   * Applies a staged read, or with `dryRun` only says what it would do.
   * @throws LeaseLost when another process holds the source by now; then nothing is applied.
   */
  async apply(
    lease: Lease,
    read: StagedRead,
    dryRun: boolean,
    beforeCommit: () => Promise<void>,
  ): Promise<MergeResult> {
    const result = await this.transactor.run(async (tx) => {
      await this.leases.confirm(tx, lease);
      const sql = mergeSql(lease.source);
      const staged = await one<StagedCounts>(tx, sql.count);
      // Unlogged tables are emptied by a crash of the database, and an empty staging must not pass for an empty tenant.
      if (staged.staged !== read.distinctIds) {
        throw new RunRejected(
          'staging_lost',
          'What had been read was lost.',
          'Nothing was changed. Run the source again.',
        );
      }
      const leaving = staged.active > staged.known || staged.staged > staged.shown;
      const candidates = leaving ? await tx.query<RemovalCandidate[]>(sql.removalCandidates, [read.kind]) : [];
      const released = await this.holds.releasedWhole(tx, lease.source.name);
      const verdict = judgeRead({
        kind: read.kind,
        active: staged.active,
        shown: staged.shown,
        additions: staged.additions,
        removals: candidates.length,
        removedWithinDay: staged.removed_within_day,
        announced: read.announced,
        released,
      });
      const merged = await this.merge(tx, sql, lease, read, verdict, staged, candidates, dryRun);
      const run = await this.close(tx, lease, read, merged);
      await beforeCommit();
      // Last: whoever else ends a run or gives a command waits from here to the commit.
      await appendToAudit(tx, runEntry(run));
      return merged;
    });
    // The planner would otherwise take a table that has just been filled for an empty one.
    if (!dryRun && result.counts.added > 1_000) await this.analyse(lease);
    return result;
  }

  /** Only the columns that plans depend on: sampling wide documents costs more than it tells. */
  private async analyse(lease: Lease): Promise<void> {
    const { table, key, shared } = lease.source.target;
    await this.dataSource.query(`analyze ${table} (${key}, presence, absent_since${shared ? ', source' : ''})`);
  }

  private async merge(
    tx: EntityManager,
    sql: MergeSql,
    lease: Lease,
    read: StagedRead,
    verdict: Verdict,
    staged: StagedCounts,
    candidates: readonly RemovalCandidate[],
    dryRun: boolean,
  ): Promise<MergeResult> {
    const note = verdict.apply === 'all' ? null : verdict.reason;
    const seen = { quarantined: read.figures.quarantined, ignored: staged.ignored };
    if (verdict.apply === 'nothing') {
      const held = staged.additions + candidates.length;
      if (!dryRun) await this.holds.openWhole(tx, lease, verdict.reason);
      return { status: 'held', counts: { ...NO_COUNTS, ...seen, held }, note, applied: false };
    }
    // A dry run makes every change and takes it back, so that its figures are the real ones.
    if (dryRun) await tx.query('savepoint dry_run');
    const run = [lease.runId];
    // A statement that has nothing to do would still look at every record.
    const stored = staged.shown - staged.quarantined - staged.additions;
    const updated = stored > 0 ? await one<UpdatedCounts>(tx, sql.update, run) : { changed: 0, returned: 0 };
    const { added } = staged.additions > 0 ? await one<{ added: number }>(tx, sql.insert, run) : { added: 0 };
    const removes = verdict.apply === 'all';
    const absences =
      removes && read.kind === 'full' && staged.active > staged.known
        ? await one<{ absent: number; missing: number }>(tx, sql.markAbsent, run)
        : { absent: 0, missing: 0 };
    const removed =
      staged.staged > staged.shown
        ? await one<{ missing: number; gone: number }>(tx, sql.markRemoved, [...run, removes])
        : { missing: 0, gone: 0 };
    const aged = await one<{ gone: number }>(tx, sql.age, run);
    const holding = verdict.apply === 'without-removals' && verdict.hold;
    await this.holds.keepUp(tx, lease, read.kind, holding ? { candidates, reason: verdict.reason } : null);
    if (dryRun) await tx.query('rollback to savepoint dry_run');
    const counts: RunCounts = {
      ...seen,
      added,
      ...updated,
      unchanged: staged.shown - staged.quarantined - added - updated.changed - updated.returned,
      absent: absences.absent,
      missing: absences.missing + removed.missing,
      gone: removed.gone + aged.gone,
      held: holding ? candidates.length : 0,
    };
    return { status: holding ? 'held' : 'succeeded', counts, note, applied: !dryRun };
  }

  /** Closes the run in the same transaction as its rows, so that neither is ever seen without the other. */
  private async close(tx: EntityManager, lease: Lease, read: StagedRead, merged: MergeResult): Promise<EndedRun> {
    await tx.query(`truncate ${stagingTable(lease.source)}`);
    if (merged.applied) {
      await tx.query(
        `update sync_source set cursor = $2, cursor_query = $3, cursor_saved_at = now(),
           last_full_at = case when $4 = 'full' then now() else last_full_at end,
           last_success_at = now(), last_success_run_id = $5
         where source = $1`,
        [lease.source.name, read.nextCursor, lease.source.deltaPath, read.kind, lease.runId],
      );
    }
    const run = await one<EndedRun>(
      tx,
      `with closed as (update sync_run set status = $2, stage = 'done', finished_at = now(), kind = $3, note = $4,
         added = ($5::jsonb->>'added')::int, changed = ($5::jsonb->>'changed')::int,
         unchanged = ($5::jsonb->>'unchanged')::int, returned = ($5::jsonb->>'returned')::int,
         absent = ($5::jsonb->>'absent')::int, missing = ($5::jsonb->>'missing')::int, gone = ($5::jsonb->>'gone')::int,
         held = ($5::jsonb->>'held')::int, ignored = ($5::jsonb->>'ignored')::int,
         requests = $6, resource_units = $7, minimum_requests = $8, minimum_resource_units = $9
       where id = $1 returning *)
       select ${ENDED_RUN} from closed`,
      [
        lease.runId,
        merged.status,
        read.kind,
        merged.note,
        JSON.stringify(merged.counts),
        read.figures.requests,
        read.figures.resourceUnits,
        read.minimumRequests,
        read.minimumResourceUnits,
      ],
    );
    await this.leases.release(tx, lease);
    return run;
  }
}

async function one<T>(tx: EntityManager, sql: string, parameters: unknown[] = []): Promise<T> {
  const [row] = await tx.query<T[]>(sql, parameters);
  if (row === undefined) throw new Error('A counting statement returned no row.');
  return row;
}
