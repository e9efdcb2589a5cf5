import { FieldRejected, type Conversion, type ConversionNotes, type FieldValue } from './field-conversion.js';

/** How a record left its source: soft-deleted and restorable, or for good. */
export type Removal = 'changed' | 'deleted';

/** A record of Graph turned into columns; columns that the record did not speak of are left out, not null. */
export interface ConvertedRecord {
  readonly externalId: string;
  readonly removal: Removal | null;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

/** A record that cannot be taken as it is. */
export interface QuarantinedRecord {
  /** The record's id, or null when that is what is wrong with it. */
  readonly externalId: string | null;
  readonly field: string;
  readonly reason: string;
}

/** Where a property of Graph goes. */
export interface PropertyMap {
  /** Name in Graph; also the name in `attributes` when there is no column. */
  readonly property: string;
  readonly column?: string;
  readonly convert: Conversion;
}

/** A record as it came out of JSON. */
export type GraphRecord = Readonly<Record<string, unknown>>;

/** A complete list, or what changed since the last read. */
export type ReadKind = 'full' | 'delta';

/** How the records of one source are read. */
export interface RecordShape {
  /** Property that holds the record's id in its source. */
  readonly idProperty: string;
  readonly properties: readonly PropertyMap[];
  /** Columns that need more than one property, or a property in another form. */
  readonly derive?: (record: GraphRecord, notes: ConversionNotes, read: ReadKind) => Record<string, FieldValue>;
  /** Properties that `derive` reads; named so that they do not count as unknown. */
  readonly derivedFrom?: readonly string[];
}

/** What one page came to. */
export interface ConvertedPage {
  /** One entry for each distinct id, in the order of first appearance. */
  readonly records: ReadonlyMap<string, ConvertedRecord>;
  readonly quarantined: readonly QuarantinedRecord[];
  readonly sanitised: number;
  /** Properties that the records carry and nobody reads: a sign that Graph's shape has grown. */
  readonly unknownProperties: number;
}

/** Ids longer than this or with control characters are not Graph's. */
const PLAUSIBLE_ID = /^[^\p{Cc}]{1,256}$/u;

/**
 * Converts a page. A record that appears more than once counts once: what comes later in the sequence wins, property by
 * property, as delta queries may repeat records and send partial ones.
 */
export function convertPage(items: readonly unknown[], shape: RecordShape, read: ReadKind): ConvertedPage {
  const records = new Map<string, ConvertedRecord>();
  const quarantined: QuarantinedRecord[] = [];
  const notes: ConversionNotes = { sanitised: 0 };
  const known = knownProperties(shape);
  let unknownProperties = 0;
  for (const item of items) {
    try {
      const converted = convertRecord(item, shape, notes, read);
      const earlier = records.get(converted.externalId);
      records.set(converted.externalId, earlier ? combine(earlier, converted) : converted);
      unknownProperties += countUnknown(item as object, known);
    } catch (error) {
      if (!(error instanceof FieldRejected)) throw error;
      quarantined.push({ externalId: readableId(item, shape), field: error.field, reason: error.reason });
    }
  }
  return { records, quarantined, sanitised: notes.sanitised, unknownProperties };
}

/** @throws FieldRejected naming the field. */
export function convertRecord(
  item: unknown,
  shape: RecordShape,
  notes: ConversionNotes,
  read: ReadKind,
): ConvertedRecord {
  if (typeof item !== 'object' || item === null || Array.isArray(item))
    throw new FieldRejected('is not an object', 'record');
  const record = item as GraphRecord;
  const externalId = readableId(record, shape);
  if (externalId === null) throw new FieldRejected('is missing or is not an id', shape.idProperty);
  const removed = record['@removed'];
  if (removed !== undefined) {
    const { reason } = (removed ?? {}) as { readonly reason?: unknown };
    return { externalId, removal: reason === 'deleted' ? 'deleted' : 'changed', fields: {} };
  }
  const fields: Record<string, FieldValue> = {};
  const attributes: Record<string, FieldValue> = {};
  let hasAttributes = false;
  let current = '';
  try {
    for (const { property, column, convert } of shape.properties) {
      // Absent is not null: Graph leaves out what did not change or was never set, and null clears.
      const value = record[property];
      if (column === undefined) hasAttributes = true;
      if (value === undefined) continue;
      current = property;
      (column === undefined ? attributes : fields)[column ?? property] = convert(value, notes);
    }
  } catch (error) {
    throw error instanceof FieldRejected ? new FieldRejected(error.reason, current) : error;
  }
  if (shape.derive) Object.assign(fields, shape.derive(record, notes, read));
  if (hasAttributes) fields['attributes'] = Object.assign(attributes, fields['attributes']);
  return { externalId, removal: null, fields };
}

/** Runs a conversion so that its rejection names the property. */
export function named<T>(property: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof FieldRejected && error.field === '') throw new FieldRejected(error.reason, property);
    throw error;
  }
}

function readableId(item: unknown, shape: RecordShape): string | null {
  const id = (item as Record<string, unknown> | null)?.[shape.idProperty];
  return typeof id === 'string' && PLAUSIBLE_ID.test(id) && id.isWellFormed() ? id : null;
}

function combine(earlier: ConvertedRecord, later: ConvertedRecord): ConvertedRecord {
  if (later.removal !== null || earlier.removal !== null) return later;
  const attributes = {
    ...(earlier.fields['attributes'] as Record<string, FieldValue> | undefined),
    ...(later.fields['attributes'] as Record<string, FieldValue> | undefined),
  };
  const hasAttributes = 'attributes' in earlier.fields || 'attributes' in later.fields;
  return { ...later, fields: { ...earlier.fields, ...later.fields, ...(hasAttributes ? { attributes } : {}) } };
}

function knownProperties(shape: RecordShape): ReadonlySet<string> {
  return new Set([shape.idProperty, ...shape.properties.map((map) => map.property), ...(shape.derivedFrom ?? [])]);
}

function countUnknown(record: object, known: ReadonlySet<string>): number {
  let count = 0;
  for (const name in record) if (!known.has(name) && !name.includes('@')) count++;
  return count;
}
