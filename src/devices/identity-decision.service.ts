import type { EntityManager } from 'typeorm';
import { ConflictError, NotFoundError } from '../common/errors.js';
import { arrayLiteral } from './neighbourhood.queries.js';

/** A record that a decision names, with the device that it was on when the decision was made. */
export interface DecidedRecord {
  readonly id: number;
  readonly source: string;
  readonly externalId: string;
  readonly deviceId: number | null;
  /** Records with one number are one machine; see `IdentityDecision`. */
  readonly machine: number;
}

/**
 * The records of devices in their own right; `machine` counts the devices from 1.
 * @throws NotFoundError for a device that does not exist, ConflictError for one that was merged away or has no records.
 */
export async function recordsOfDevices(tx: EntityManager, ids: readonly number[]): Promise<DecidedRecord[]> {
  const devices = await tx.query<{ id: number; mergedIntoId: number | null }[]>(
    `select id, merged_into_id as "mergedIntoId" from device where id = any($1::integer[])`,
    [arrayLiteral(ids)],
  );
  for (const id of ids) {
    const device = devices.find((candidate) => candidate.id === id);
    if (!device) throw new NotFoundError(`There is no device ${id}.`);
    if (device.mergedIntoId !== null) {
      throw new ConflictError(`Device ${id} was merged into device ${device.mergedIntoId} already.`);
    }
  }
  const records = await tx.query<Omit<DecidedRecord, 'machine'>[]>(
    `select id, source, external_id as "externalId", device_id as "deviceId" from device_record
     where device_id = any($1::integer[]) order by id`,
    [arrayLiteral(ids)],
  );
  for (const id of ids) {
    if (!records.some((record) => record.deviceId === id)) {
      throw new ConflictError(`Device ${id} has no records that could be merged or split.`);
    }
  }
  return records.map((record) => ({ ...record, machine: ids.indexOf(record.deviceId ?? 0) + 1 }));
}

/** Stores a decision with the records as they are now, all their values included, as its evidence. */
export async function insertDecision(
  tx: EntityManager,
  decision: { readonly kind: 'merge' | 'split'; readonly actor: string; readonly reason: string },
  records: readonly DecidedRecord[],
): Promise<{ id: number; records: readonly DecidedRecord[] }> {
  const ids = arrayLiteral(records.map((record) => record.id));
  const [row] = await tx.query<{ id: number }[]>(
    `insert into device_decision (kind, decided_by, reason, evidence)
     select $1, $2, $3, jsonb_agg(to_jsonb(record) - 'resolution_pending' - 'attributes' order by id)
     from device_record record where id = any($4::integer[])
     returning id`,
    [decision.kind, decision.actor, decision.reason.trim(), ids],
  );
  const id = row?.id ?? 0;
  await tx.query(
    `insert into device_decision_record (decision_id, source, external_id, machine)
     select $1, record.source, record.external_id, named.machine
     from unnest($2::integer[], $3::smallint[]) as named(id, machine) join device_record record using (id)`,
    [id, ids, arrayLiteral(records.map((record) => record.machine))],
  );
  return { id, records };
}

/**
 * A decision with its records, each with the device that it was on before; locked until the transaction ends.
 * @throws NotFoundError
 */
export async function lockDecision(
  tx: EntityManager,
  id: number,
): Promise<{ id: number; undone: boolean; records: DecidedRecord[] }> {
  const [row] = await tx.query<{ undone: boolean; evidence: { id: number; device_id: number | null }[] }[]>(
    'select undone_at is not null as undone, evidence from device_decision where id = $1 for update',
    [id],
  );
  if (!row) throw new NotFoundError(`There is no decision ${id}.`);
  const records = await tx.query<Omit<DecidedRecord, 'deviceId'>[]>(
    `select record.id, record.source, record.external_id as "externalId", named.machine
     from device_decision_record named
     join device_record record on record.source = named.source and record.external_id = named.external_id
     where named.decision_id = $1 order by record.id`,
    [id],
  );
  const deviceOf = new Map(row.evidence.map((record) => [record.id, record.device_id]));
  return {
    id,
    undone: row.undone,
    records: records.map((record) => ({ ...record, deviceId: deviceOf.get(record.id) ?? null })),
  };
}

/** The device of each record that has one. */
export async function deviceOfRecords(tx: EntityManager, ids: readonly number[]): Promise<Map<number, number>> {
  const rows = await tx.query<{ id: number; deviceId: number }[]>(
    `select id, device_id as "deviceId" from device_record where id = any($1::integer[]) and device_id is not null`,
    [arrayLiteral(ids)],
  );
  return new Map(rows.map((row) => [row.id, row.deviceId]));
}

/**
 * A review with the records that it is about, locked until the transaction ends.
 * @throws NotFoundError
 */
export async function lockReview(
  tx: EntityManager,
  id: number,
): Promise<{ state: 'open' | 'settled' | 'expired'; recordIds: number[] }> {
  const [review] = await tx.query<{ state: 'open' | 'settled' | 'expired'; recordIds: number[] }[]>(
    `select state, array(select record_id from device_review_record where review_id = review.id order by 1) as "recordIds"
     from device_review review where id = $1 for update`,
    [id],
  );
  if (!review) throw new NotFoundError(`There is no review ${id}.`);
  return review;
}
