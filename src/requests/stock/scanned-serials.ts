import type { Transaction } from '../../database/transactor.js';
import { realSerial } from '../../devices/domain/identity/serial-number.js';
import { KEY_EXPRESSIONS } from '../../devices/neighbourhood.queries.js';

/** A line of a scanner, and the machine that has this serial number. */
export interface ScannedSerial {
  /** As it was scanned. */
  readonly text: string;
  /** In the form in which serial numbers are compared; null for what is none. */
  readonly key: string | null;
  /** Null for a serial number that no machine has, or several have. */
  readonly deviceId: number | null;
}

/** Lines of a scanner: one serial number each, in any case; empty lines and repetitions are left out. */
export function scannedLines(text: string): readonly string[] {
  return [...new Set(text.split(/[\n,;\t]/).map((line) => line.trim()))].filter((line) => line !== '');
}

/** Finds the machines of serial numbers, in the order in which they were scanned. */
export async function machinesOfSerials(
  source: Pick<Transaction, 'query'>,
  texts: readonly string[],
): Promise<readonly ScannedSerial[]> {
  const scanned = texts.map((text) => ({ text, key: realSerial(text, null, null) }));
  const keys = [...new Set(scanned.flatMap(({ key }) => (key === null ? [] : [key])))];
  const found = await source.query<{ key: string; id: number }[]>(
    `select wanted.key, min(machine.id) as id
     from unnest($1::text[]) as wanted(key)
     cross join lateral (
       select device_id from device_record where ${KEY_EXPRESSIONS.serial} = wanted.key
       union
       select device_id from boxed_device where serial_key = wanted.key
     ) as bearer
     join device as machine on machine.id = bearer.device_id and machine.merged_into_id is null
     group by wanted.key having count(distinct machine.id) = 1`,
    [keys],
  );
  const deviceOf = new Map(found.map(({ key, id }) => [key, id]));
  return scanned.map(({ text, key }) => ({ text, key, deviceId: key === null ? null : (deviceOf.get(key) ?? null) }));
}
