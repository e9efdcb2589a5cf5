import type { EntityManager } from 'typeorm';
import type { CustodyPoint, WalkedStep } from '../domain/lifecycle/custody-history.js';
import { partsOf } from '../domain/lifecycle/standing.js';
import { arrayLiteral } from '../neighbourhood.queries.js';

/** Of these machines those of which custody is recorded already: its history goes on and is not written anew. */
export async function withCustody(tx: EntityManager, deviceIds: readonly number[]): Promise<ReadonlySet<number>> {
  const rows = await tx.query<{ device_id: number }[]>(
    `select distinct device_id from device_custody where device_id = any($1::integer[])
     union select device_id from custody_event where device_id = any($1::integer[])`,
    [arrayLiteral(deviceIds)],
  );
  return new Set(rows.map((row) => row.device_id));
}

/**
 * Writes custody that was recorded elsewhere, with its times, for machines of which none is recorded yet: where each
 * stands at the end, and every step that led there. The caller audits the take-over as a whole.
 * @param actor of the steps of which the records do not say who took them
 */
export async function takeOverCustody(tx: EntityManager, steps: readonly WalkedStep[], actor: string): Promise<void> {
  if (steps.length === 0) return;
  const last = new Map(steps.map((step) => [step.deviceId, step.to]));
  const rows = [...last].map(([deviceId, point]) => ({ device_id: deviceId, ...columnsOf(point), since: point.since }));
  await tx.query(
    `insert into device_custody (device_id, recorded_for, state, substate, holder_entra_id, place, since)
     select device_id, device_id, state, substate, holder, place, since
     from jsonb_to_recordset($1::jsonb) as row(device_id integer, state text, substate text, holder text, place text,
       since timestamptz) order by device_id`,
    [JSON.stringify(rows)],
  );
  const events = steps.map((step, index) => ({
    index,
    device_id: step.deviceId,
    command: step.command,
    before: columnsOf(step.from),
    after: columnsOf(step.to),
    since_before: step.from.since,
    reason: step.reason,
    reference: step.reference,
    actor: step.by === null ? actor : `person:${step.by}`,
    at: step.at,
  }));
  await tx.query(INSERT_EVENTS, [JSON.stringify(events)]);
}

/** In the order of time, which the numbers of the events follow. */
const INSERT_EVENTS = `
  insert into custody_event (device_id, custody_id, command, from_state, from_substate, to_state, to_substate,
    holder_before, holder_after, place_before, place_after, since_before, reason, reference, actor, at)
  select row.device_id, custody.id, row.command, row.before ->> 'state', row.before ->> 'substate', row.after ->> 'state',
         row.after ->> 'substate', row.before ->> 'holder', row.after ->> 'holder', row.before ->> 'place',
         row.after ->> 'place', row.since_before, row.reason, row.reference, row.actor, row.at
  from jsonb_to_recordset($1::jsonb) as row(index integer, device_id integer, command text, before jsonb, after jsonb,
    since_before timestamptz, reason text, reference text, actor text, at timestamptz)
  join device_custody as custody on custody.device_id = row.device_id and custody.set_aside_at is null
  order by row.index`;

function columnsOf({ standing, holder, place }: CustodyPoint): object {
  const parts = standing === 'none' ? { state: null, substate: null } : partsOf(standing);
  return { ...parts, holder, place };
}
