import { CANONICAL_FORM_NUMBER, hashOf, type Details } from './canonical-form.js';

/** An entry as it lies in the database, where somebody with full rights may have put anything. */
export interface StoredEntry {
  readonly id: string;
  readonly form: number;
  readonly at: Date;
  readonly event: string;
  readonly actor: string;
  readonly subject_kind: string | null;
  readonly subject_id: string | null;
  /** Text of the jsonb, so that a number is seen as it is stored and not as JavaScript rounds it. */
  readonly details: string;
  readonly request_id: string | null;
  readonly previous_hash: Buffer;
  readonly hash: Buffer;
}

/** Columns of a `StoredEntry`. */
export const STORED_ENTRY = `id, form, at, event, actor, subject_kind, subject_id, details::text as details, request_id,
  previous_hash, hash`;

/** Whether the hash of an entry is that of its contents, would it stand at this place and after this hash. */
export function isIntact(entry: StoredEntry, id: number, previous: Uint8Array): boolean {
  const { at, event, actor, subject_kind: subjectKind, subject_id: subjectId, request_id: requestId } = entry;
  // No text is ever stored empty, and in the canonical form it would be the same as none.
  if (entry.form !== CANONICAL_FORM_NUMBER || [subjectKind, subjectId, requestId].includes('')) return false;
  try {
    const details = JSON.parse(entry.details) as Details;
    // Neither keys nor values have spaces; whatever is written otherwise ("1.0" for 1) is not what was appended.
    if (JSON.stringify(details) !== entry.details.replaceAll(' ', '')) return false;
    return hashOf(previous, { id, at, event, actor, subjectKind, subjectId, details, requestId }).equals(entry.hash);
  } catch {
    // A time without end or a value of another kind: nothing that was ever appended.
    return false;
  }
}
