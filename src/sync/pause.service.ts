import { Injectable } from '@nestjs/common';
import type { Actor } from '../audit/actor.js';
import { appendToAudit, type AuditEntry } from '../audit/audit-trail.js';
import { InputError } from '../common/errors.js';
import type { SourceName } from '../config/sources.js';
import { Transactor } from '../database/transactor.js';

/** Stops and resumes the scheduled runs of a source; runs by hand go on. */
@Injectable()
export class PauseService {
  constructor(private readonly transactor: Transactor) {}

  /** @returns false when the source was paused already. */
  async pause(source: SourceName, actor: Actor, reason: string): Promise<boolean> {
    if (reason.trim().length < 3) {
      throw new InputError('A reason is needed.', [{ field: 'reason', message: 'Say why the source is paused.' }]);
    }
    return this.set(
      `update sync_source set paused_at = now(), paused_by = $2, pause_reason = $3
       where source = $1 and paused_at is null returning 1`,
      [source, actor, reason.trim()],
      { event: 'sync.paused', actor, subject: { kind: 'source', id: source } },
    );
  }

  /** @returns false when the source was not paused. */
  async resume(source: SourceName, actor: Actor): Promise<boolean> {
    return this.set(
      `update sync_source set paused_at = null, paused_by = null, pause_reason = null
       where source = $1 and paused_at is not null returning 1`,
      [source],
      { event: 'sync.resumed', actor, subject: { kind: 'source', id: source } },
    );
  }

  private async set(update: string, parameters: unknown[], entry: AuditEntry): Promise<boolean> {
    return this.transactor.run(async (tx) => {
      const rows = await tx.query<unknown[]>(`with changed as (${update}) select 1 from changed`, parameters);
      if (rows.length > 0) await appendToAudit(tx, entry);
      return rows.length > 0;
    });
  }
}
