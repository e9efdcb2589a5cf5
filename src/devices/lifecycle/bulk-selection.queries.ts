import type { EntityManager } from 'typeorm';
import type { SelectedLine } from '../domain/lifecycle/selection.js';
import { KEY_EXPRESSIONS, arrayLiteral } from '../neighbourhood.queries.js';

/** A line of a selection with the machine that it means. */
export interface FoundLine {
  readonly line: number;
  readonly given: string;
  readonly deviceId: number | null;
  readonly version: string;
  /** Why it means none; null when it does. */
  readonly problem: string | null;
}

interface Columns {
  readonly line: number;
  readonly ids: number[];
  readonly version: string | null;
}

/** Finds the machine of every line in one statement: by its number, its asset tag, or its serial number. */
export async function findSelection(tx: EntityManager, lines: readonly SelectedLine[]): Promise<FoundLine[]> {
  const named = lines.filter(({ problem }) => problem === null);
  const rows = await tx.query<Columns[]>(FIND, [
    arrayLiteral(named.map(({ line }) => line)),
    named.map(({ id }) => id),
    named.map(({ tagKey }) => tagKey),
    named.map(({ serialKey }) => serialKey),
  ]);
  const found = new Map(rows.map((row) => [row.line, row]));
  const firstLine = new Map<number, number>();
  return lines.map(({ line, given, problem }) => {
    const row = found.get(line);
    const [deviceId = null] = row?.ids ?? [];
    const wrong = problem ?? problemOf(row?.ids.length ?? 0, deviceId === null ? undefined : firstLine.get(deviceId));
    if (wrong !== null || deviceId === null) return { line, given, deviceId: null, version: '0', problem: wrong };
    firstLine.set(deviceId, line);
    return { line, given, deviceId, version: row?.version ?? '0', problem: null };
  });
}

function problemOf(machines: number, earlier: number | undefined): string | null {
  if (machines === 0) return 'No machine has this number, asset tag or serial number.';
  if (machines > 1) return 'Several machines have this serial number or asset tag. Name it by its device number.';
  return earlier === undefined ? null : `Line ${earlier} names the same machine.`;
}

/** What was merged into another machine means that one. */
const FIND = `
  with recursive wanted as (
    select * from unnest($1::integer[], $2::integer[], $3::text[], $4::text[]) as wanted(line, id, tag_key, serial_key)
  ), named as (
    select wanted.line, device.id from wanted join device on device.id = wanted.id
    union
    select wanted.line, entry.device_id from wanted join device_register entry on entry.asset_tag_key = wanted.tag_key
    where entry.device_id is not null
    union
    select wanted.line, bearer.device_id from wanted cross join lateral (
      select device_id from device_record where ${KEY_EXPRESSIONS.serial} = wanted.serial_key
      union select device_id from boxed_device where serial_key = wanted.serial_key
      union select device_id from device_register where serial_key = wanted.serial_key
    ) as bearer where bearer.device_id is not null
  ), step as (
    select named.line, device.id, device.merged_into_id from named join device on device.id = named.id
    union
    select step.line, device.id, device.merged_into_id from step join device on device.id = step.merged_into_id
  )
  select step.line, array_agg(distinct step.id) as ids, min(custody.version)::text as version
  from step left join device_custody custody on custody.device_id = step.id and custody.set_aside_at is null
  where step.merged_into_id is null
  group by step.line`;
