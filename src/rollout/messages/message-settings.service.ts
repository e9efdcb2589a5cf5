import { Injectable } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { ConflictError, InputError } from '../../common/errors.js';
import { Transactor } from '../../database/transactor.js';
import { TEMPLATE_DESCRIPTIONS, type RolloutTemplate } from '../domain/messages/templates.js';

/** How one of the rollout's messages is to be set. */
export interface ChangedSetting {
  readonly template: RolloutTemplate;
  readonly enabled: boolean;
  /** 1 to 60; null where the message has no days. */
  readonly days: number | null;
  /** Version that the change was made from; 0 for one that nobody has changed yet. */
  readonly version: number;
}

const MOST_DAYS = 60;

/** Switches the rollout's messages on and off, and says when they are sent. */
@Injectable()
export class MessageSettingsService {
  constructor(private readonly transactor: Transactor) {}

  /** @throws InputError for days that do not fit; ConflictError when somebody else has changed it in the meantime */
  change({ template, enabled, days, version }: ChangedSetting, actor: Actor): Promise<void> {
    const has = TEMPLATE_DESCRIPTIONS[template].days !== null;
    if (has !== (days !== null) || (days !== null && !(Number.isInteger(days) && days >= 1 && days <= MOST_DAYS))) {
      const message = `Enter a whole number of days from 1 to ${MOST_DAYS}`;
      throw new InputError('The message cannot be set so.', [{ field: 'days', message }]);
    }
    return this.transactor.run(async (tx) => {
      const changed = await tx.query<unknown[]>(
        `with changed as (
           insert into rollout_message_setting as setting (template, enabled, days, changed_by)
           select $1, $2, $3, $4 where $5 = 0 or exists (select from rollout_message_setting where template = $1)
           on conflict on constraint rollout_message_setting_pkey do update
             set enabled = excluded.enabled, days = excluded.days, changed_by = excluded.changed_by, changed_at = now(),
                 version = setting.version + 1
             where setting.version = $5
           returning 1)
         select 1 from changed`,
        [template, enabled, days, actor, version],
      );
      if (changed.length === 0) {
        throw new ConflictError('Somebody else has changed this message in the meantime. Load the page again.');
      }
      await appendToAudit(tx, {
        event: 'message-template.switched',
        actor,
        subject: { kind: 'message-template', id: template },
        details: { enabled, days },
      });
    });
  }
}
