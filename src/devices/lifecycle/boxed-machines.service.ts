import type { EntityManager } from 'typeorm';
import { homeOf, type Candidate } from '../domain/lifecycle/custody-rows.js';
import { manufacturerKey } from '../domain/identity/manufacturer-name.js';
import { SERIAL_SPACES } from '../domain/identity/serial-number.js';
import { arrayLiteral, KEY_EXPRESSIONS } from '../neighbourhood.queries.js';

interface BoxedColumns {
  readonly device_id: number;
  readonly manufacturer_key: string | null;
  readonly home: number | null;
  readonly candidate: number | null;
  readonly manufacturer: string | null;
}

/**
 * Joins machines that were received in their boxes to those that have enrolled with their serial numbers since, for the
 * devices that were just resolved. Worked out anew each time (`homeOf`), so that it depends on no order of arrival.
 * @returns the boxed devices that joined or left a machine
 */
export async function joinBoxedMachines(tx: EntityManager, deviceIds: readonly number[]): Promise<number[]> {
  if (deviceIds.length === 0) return [];
  const rows = await tx.query<BoxedColumns[]>(BOXED, [arrayLiteral(deviceIds), SERIAL_SPACES]);
  const boxed = new Map<number, { makerKey: string | null; home: number | null; candidates: Candidate[] }>();
  for (const row of rows) {
    const known = boxed.get(row.device_id) ?? { makerKey: row.manufacturer_key, home: row.home, candidates: [] };
    boxed.set(row.device_id, known);
    if (row.candidate !== null) {
      known.candidates.push({ deviceId: row.candidate, makerKey: manufacturerKey(row.manufacturer) });
    }
  }
  const moved = [...boxed].flatMap(([device, one]) => {
    const home = homeOf(one, one.candidates);
    return home !== one.home && home !== null ? [{ device, home }] : [];
  });
  if (moved.length === 0) return [];
  await tx.query(
    `update device set merged_into_id = row.home, changed_at = now()
     from unnest($1::integer[], $2::integer[]) as row(id, home) where device.id = row.id`,
    [arrayLiteral(moved.map(({ device }) => device)), arrayLiteral(moved.map(({ home }) => home))],
  );
  return moved.map(({ device }) => device);
}

/**
 * Boxed machines with the serial number of one of the devices, or that joined one of them: each with the machine that it
 * is now, and the machines that have its serial number. Every step is a look-up by an index.
 */
const BOXED = `
  with numbers as materialized (
    select distinct upper(translate(serial_number, $2, '')) as serial_key from device
    where id = any($1::integer[]) and serial_number is not null
  ), boxed as materialized (
    select boxed.device_id, boxed.serial_key, boxed.manufacturer_key
    from numbers cross join lateral (
      select device_id, serial_key, manufacturer_key from boxed_device where serial_key = numbers.serial_key offset 0
    ) as boxed
    union
    select boxed.device_id, boxed.serial_key, boxed.manufacturer_key
    from unnest($1::integer[]) as resolved(id)
    cross join lateral (select id from device where merged_into_id = resolved.id offset 0) as joined
    join boxed_device boxed on boxed.device_id = joined.id
  )
  select boxed.device_id, boxed.manufacturer_key, home.id as home, candidate.id as candidate, candidate.manufacturer
  from boxed
  left join lateral (
    with recursive step as (
      select id, merged_into_id from device where id = boxed.device_id
      union all
      select next.id, next.merged_into_id
      from step cross join lateral (select id, merged_into_id from device where id = step.merged_into_id limit 1) as next
    ) select id from step where merged_into_id is null and id <> boxed.device_id
  ) as home on true
  left join lateral (
    select distinct machine.id, machine.manufacturer
    from (select device_id from device_record where ${KEY_EXPRESSIONS.serial} = boxed.serial_key offset 0) as record
    join device machine on machine.id = record.device_id
    where machine.merged_into_id is null and upper(translate(machine.serial_number, $2, '')) = boxed.serial_key
  ) as candidate on true`;
