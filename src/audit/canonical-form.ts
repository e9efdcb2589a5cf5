import { createHash } from 'node:crypto';

/** Name of the form; a change of any byte that it yields is a new form with a new name and number. */
export const CANONICAL_FORM = 'untether-audit-1';
/** Its number, kept with every entry. */
export const CANONICAL_FORM_NUMBER = 1;

/** What a detail of an entry may be; a number is a whole one. */
export type DetailValue = string | number | boolean | null | readonly (string | number)[];
export type Details = Readonly<Record<string, DetailValue>>;

/** An entry with everything that its hash covers. */
export interface ChainedEntry {
  /** Place in the chain: 1, 2, 3 … without gaps. */
  readonly id: number;
  /** Never earlier than that of the entry before; milliseconds. */
  readonly at: Date;
  readonly event: string;
  readonly actor: string;
  readonly subjectKind: string | null;
  readonly subjectId: string | null;
  readonly details: Details;
  readonly requestId: string | null;
}

/**
 * SHA-256 of an entry in its canonical form, which docs/audit.md writes down for whoever recomputes it: fields one after
 * another, each its length in bytes (four bytes, the highest first) and its bytes in UTF-8.
 * @param previous hash of the entry before, 32 bytes
 */
export function hashOf(previous: Uint8Array, entry: ChainedEntry): Buffer {
  const fields: (string | Uint8Array)[] = [
    CANONICAL_FORM,
    previous,
    String(entry.id),
    entry.at.toISOString(),
    entry.event,
    entry.actor,
    entry.subjectKind ?? '',
    entry.subjectId ?? '',
    entry.requestId ?? '',
  ];
  const keys = Object.keys(entry.details).sort();
  fields.push(String(keys.length));
  for (const key of keys) {
    fields.push(key);
    pushValue(fields, entry.details[key] ?? null);
  }
  return hashOfFields(fields);
}

/** What the first entry has in place of the hash of the entry before: the chain's own beginning. */
export function hashOfBeginning(installation: string): Buffer {
  return hashOfFields([CANONICAL_FORM, installation]);
}

/** A value begins with its kind, so that the text "1", the number 1 and a list of one differ. */
function pushValue(fields: (string | Uint8Array)[], value: DetailValue): void {
  if (typeof value === 'object' && value !== null) {
    fields.push(`list ${value.length}`);
    for (const item of value) pushValue(fields, item);
  } else if (value === null) {
    fields.push('null');
  } else {
    fields.push(`${typeof value} ${String(value)}`);
  }
}

function hashOfFields(fields: readonly (string | Uint8Array)[]): Buffer {
  const lengths = fields.map((field) => Buffer.byteLength(field));
  const bytes = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + length + 4, 0));
  let place = 0;
  for (const [index, field] of fields.entries()) {
    const length = lengths[index] ?? 0;
    place = bytes.writeUInt32BE(length, place);
    if (typeof field === 'string') bytes.write(field, place, 'utf8');
    else bytes.set(field, place);
    place += length;
  }
  return createHash('sha256').update(bytes).digest();
}
