import { Injectable } from '@nestjs/common';
import { Transactor } from '../../database/transactor.js';
import { enqueueMessages } from '../../notifications/outbox.service.js';
import { ROLLOUT_TEMPLATES } from '../domain/messages/templates.js';
import { ProgrammeQueries } from '../programme.queries.js';
import { DueMessagesQueries } from './due-messages.queries.js';
import { MessageSettingsQueries } from './message-settings.queries.js';

/** Puts into the outbox what is due, out of bookings and moves. */
@Injectable()
export class MessagePlanningService {
  constructor(
    private readonly transactor: Transactor,
    private readonly programmes: ProgrammeQueries,
    private readonly settings: MessageSettingsQueries,
    private readonly messages: DueMessagesQueries,
  ) {}

  /** Idempotent, and safe in several processes at once. @returns how many messages were new */
  plan(now: Date = new Date()): Promise<number> {
    return this.transactor.run(async (tx) => {
      const programme = await this.programmes.current(tx);
      if (programme?.state !== 'running') return 0;
      const settings = await this.settings.all(tx);
      let planned = 0;
      for (const template of ROLLOUT_TEMPLATES) {
        const { enabled, days } = settings[template];
        if (!enabled) continue;
        const due = await this.messages.due(tx, programme.id, template, days, now);
        planned += await enqueueMessages(
          tx,
          due.map(({ event, recipient, moveId, bookingId, startsAt, useBy }) => ({
            ...{ event, recipient, template, useBy },
            reference: { moveId, bookingId, startsAt },
          })),
        );
      }
      return planned;
    });
  }
}
