import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { MessageReference } from './message-words.js';

/** A message that is to be sent to one person about one event. */
export interface NewMessage {
  /** What happened, such as `booking:17:booked`, 1 to 200 characters; the same is never told the same person twice. */
  readonly event: string;
  /** Object id of the person in Entra ID. */
  readonly recipient: string;
  /** Name of a template in `MessageTemplates`. */
  readonly template: string;
  /** What the template reads when the message is sent; ids and times, never names or addresses. */
  readonly reference: MessageReference;
  /** Not before; at once unless given. */
  readonly plannedFor?: Date;
  /** After this the message is stopped, so that nobody is flooded with what was true once. */
  readonly useBy: Date;
}

/**
 * Puts messages into the outbox, in the transaction of what they tell: both are kept or neither. What is there already
 * for the same event, person and channel stays as it is, whatever became of it.
 * @returns how many were new
 */
export async function enqueueMessages(tx: EntityManager, messages: readonly NewMessage[]): Promise<number> {
  if (messages.length === 0) return 0;
  const rows = messages.map(({ event, recipient, template, reference, plannedFor, useBy }) => ({
    ...{ event, recipient, template, reference, message_key: keyOf(event, recipient), use_by: useBy },
    planned_for: plannedFor ?? null,
  }));
  const [counted] = await tx.query<{ count: number }[]>(
    `with added as (
       insert into message (event, recipient_entra_id, template, reference, message_key, planned_for, next_try_at, use_by)
       select event, recipient, template, reference, message_key, coalesce(planned_for, now()),
              coalesce(planned_for, now()), use_by
       from jsonb_to_recordset($1::jsonb) as given (event text, recipient text, template text, reference jsonb,
         message_key text, planned_for timestamptz, use_by timestamptz)
       order by event, recipient
       on conflict on constraint message_event_key do nothing
       returning 1)
     select count(*)::integer as count from added`,
    [JSON.stringify(rows)],
  );
  return counted?.count ?? 0;
}

/** The same for the same event, recipient and channel, so that a mailbox can tell a repetition. */
function keyOf(event: string, recipient: string): string {
  return createHash('sha256').update(`${event}\n${recipient}\nmail`).digest('hex').slice(0, 40);
}
