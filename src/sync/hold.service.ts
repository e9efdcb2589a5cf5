import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../audit/actor.js';
import { appendToAudit } from '../audit/audit-trail.js';
import { ConflictError, InputError, NotFoundError } from '../common/errors.js';
import type { SourceName } from '../config/sources.js';
import { Transactor } from '../database/transactor.js';
import type { ReadKind } from './domain/record-conversion.js';
import type { Lease } from './lease.service.js';
import { SOURCES } from './sources/registry.js';
import { stagingTable } from './sources/source.js';

/** A record that a read would begin to remove, and how it left. */
export interface RemovalCandidate {
  readonly external_id: string;
  readonly removal: 'absent' | 'changed' | 'deleted';
}

/** What releasing a hold did. */
export interface Release {
  readonly holdId: number;
  readonly source: SourceName;
  /** Records that were marked as missing or gone. */
  readonly removed: number;
}

/** Removals that wait for a person. */
@Injectable()
export class HoldService {
  constructor(private readonly transactor: Transactor) {}

  /**
   * After a run: drops from the open hold what has come back, adds what this run holds, and closes a hold with nothing
   * left in it.
   */
  async keepUp(
    tx: EntityManager,
    lease: Lease,
    read: ReadKind,
    held: { readonly candidates: readonly RemovalCandidate[]; readonly reason: string } | null,
  ): Promise<void> {
    const { source } = lease;
    const { table, key, shared } = source.target;
    if (held !== null) {
      await tx.query(
        `insert into sync_hold (source, kind, run_id, reason) values ($1, 'removals', $2, $3)
         on conflict (source) where state = 'held'
         do update set reason = excluded.reason, run_id = excluded.run_id, kind = 'removals'`,
        [source.name, lease.runId, held.reason],
      );
      await tx.query(
        `insert into sync_hold_item (hold_id, external_id, removal)
         select hold.id, item.external_id, item.removal
         from sync_hold hold, jsonb_to_recordset($2::jsonb) as item(external_id text, removal text)
         where hold.source = $1 and hold.state = 'held'
         on conflict (hold_id, external_id) do update set removal = excluded.removal`,
        [source.name, JSON.stringify(held.candidates)],
      );
    }
    await tx.query(
      `delete from sync_hold_item item using sync_hold hold
       where hold.id = item.hold_id and hold.source = $1 and hold.state = 'held'
         and (exists (select from ${stagingTable(source)} s where s.external_id = item.external_id and s.removal is null)
           or not exists (select from ${table} o where o.${key} = item.external_id and o.presence = 'present'
                ${shared ? `and o.source = '${source.name}'` : ''}))`,
      [source.name],
    );
    // Only a complete read says that another tenant's records are no longer shown.
    await tx.query(
      `update sync_hold set state = 'expired', closed_at = now(), close_reason = 'Everything that was held has come back.'
       where source = $1 and state = 'held' and (kind = 'removals' or $2 = 'full')
         and not exists (select from sync_hold_item item where item.hold_id = sync_hold.id)`,
      [source.name, read],
    );
  }

  /** Opens a hold over a read of which nothing may be applied. */
  async openWhole(tx: EntityManager, lease: Lease, reason: string): Promise<void> {
    await tx.query(
      `insert into sync_hold (source, kind, run_id, reason) values ($1, 'everything', $2, $3)
       on conflict (source) where state = 'held'
       do update set reason = excluded.reason, run_id = excluded.run_id, kind = 'everything'`,
      [lease.source.name, lease.runId, reason],
    );
  }

  /** Whether a person has let a read through that had been held as a whole, and no run has used it yet. */
  async releasedWhole(tx: EntityManager, source: SourceName): Promise<boolean> {
    const rows = await tx.query<unknown[]>(
      `select 1 from sync_hold hold join sync_source state using (source)
       where hold.source = $1 and hold.kind = 'everything' and hold.state = 'released'
         and hold.closed_at > now() - interval '24 hours'
         and (state.last_success_at is null or state.last_success_at < hold.closed_at)`,
      [source],
    );
    return rows.length > 0;
  }

  /**
   * Lets the removals of a hold happen, after a person has looked at them. A hold over a whole read lets the next run
   * apply what it reads instead.
   * @throws NotFoundError, ConflictError when somebody else decided first, InputError without a reason.
   */
  async release(holdId: number, actor: Actor, reason: string): Promise<Release> {
    if (reason.trim().length < 3) {
      throw new InputError('A reason is needed.', [{ field: 'reason', message: 'Say why these removals are right.' }]);
    }
    return this.transactor.run(async (tx) => {
      const [hold] = await tx.query<{ source: SourceName; state: string; run_id: string }[]>(
        `select source, state, run_id from sync_hold where id = $1`,
        [holdId],
      );
      if (!hold) throw new NotFoundError(`There is no hold ${holdId}.`);
      // The same lock as a run that is about to apply, so that neither works on the other's half-done state.
      await tx.query(`select 1 from sync_source where source = $1 for update`, [hold.source]);
      const closed = await tx.query<unknown[]>(
        `with closed as (
           update sync_hold set state = 'released', closed_at = now(), closed_by = $2, close_reason = $3
           where id = $1 and state = 'held' returning 1)
         select 1 from closed`,
        [holdId, actor, reason.trim()],
      );
      if (closed.length === 0) throw new ConflictError(`Hold ${holdId} is no longer open: it is ${hold.state}.`);
      const removed = await this.remove(tx, holdId, hold.source, hold.run_id);
      await appendToAudit(tx, {
        event: 'sync.held-removals-released',
        actor,
        subject: { kind: 'hold', id: holdId },
        details: { source: hold.source, run: Number(hold.run_id), removed },
      });
      return { holdId, source: hold.source, removed };
    });
  }

  private async remove(tx: EntityManager, holdId: number, source: SourceName, runId: string): Promise<number> {
    const { table, key, shared } = SOURCES[source].target;
    const [answer] = await tx.query<{ removed: number }[]>(
      `with marked as (
         update ${table} o set presence = case when item.removal = 'deleted' then 'gone' else 'missing' end,
           absent_since = coalesce(o.absent_since, hold.opened_at), absent_reads = greatest(o.absent_reads, 2),
           changed_at = now(), changed_run_id = $2 ${table === 'device_record' ? ', resolution_pending = true' : ''}
         from sync_hold_item item join sync_hold hold on hold.id = item.hold_id
         where item.hold_id = $1 and o.${key} = item.external_id and o.presence = 'present'
           ${shared ? `and o.source = '${source}'` : ''}
         returning o.${key} as key, o.presence
       ), kept as (
         insert into sync_change (run_id, source, external_id, kind) select $2, $3, key, presence from marked)
       select count(*)::int as removed from marked`,
      [holdId, runId, source],
    );
    return answer?.removed ?? 0;
  }
}
