import { isActor, type Actor } from './actor.js';
import { AUDIT_EVENTS, type AuditEventName } from './audit-events.js';
import type { DetailValue, Details } from './canonical-form.js';

/** Something that was done, for the trail. */
export interface AuditEntry {
  readonly event: AuditEventName;
  readonly actor: Actor;
  /** What it was done to, e.g. { kind: 'device', id: 17 }; null for the installation as a whole. */
  readonly subject: { readonly kind: string; readonly id: string | number } | null;
  /**
   * References and states, never names, serials, addresses or text that people typed (put the id of the row that holds
   * it). `checkEntry` says which values are taken.
   */
  readonly details?: Details;
}

/** Entries that one list of a detail may hold: what one bulk action touches. */
const LONGEST_LIST = 1_000;
const MOST_DETAILS = 24;

const EVENTS: ReadonlySet<string> = new Set(AUDIT_EVENTS);
/** The word for a state, a source or a kind: small letters without digits, so no hostname, serial, address or name. */
const WORD = /^[a-z]{1,24}([-_][a-z]{1,24}){0,5}$/;
const KEY = /^[a-z][A-Za-z]{0,39}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const SHA256 = /^[0-9a-f]{64}$/;
const INSTANT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,6})?Z)?$/;
/** Keys that would announce what must not be here, whatever their value looks like. */
const PERSONAL_KEY =
  /name|mail|upn|principal|phone|address|serial|tag$|imei|mac$|note|comment|reason|text|title|password|secret/i;

/**
 * Refuses what must not be in the trail, where no entry is ever changed or taken away.
 * A detail is a whole number, a boolean, null, a word of small letters, a UUID, a SHA-256, a day or an instant, or a list
 * of numbers and such texts; its key says nothing of names, serials or typed text.
 * @throws TypeError naming the key, not the value: a mistake in the program, which undoes the command that made it
 */
export function checkEntry(entry: AuditEntry): void {
  if (!EVENTS.has(entry.event)) throw new TypeError(`The audit trail knows no such event: ${entry.event}.`);
  if (!isActor(entry.actor)) throw new TypeError(`The actor of ${entry.event} is not a reference.`);
  if (entry.subject !== null && !(WORD.test(entry.subject.kind) && isReference(entry.subject.id))) {
    throw new TypeError(`The subject of ${entry.event} is not a reference.`);
  }
  const details = Object.entries(entry.details ?? {});
  if (details.length > MOST_DETAILS) throw new TypeError(`${entry.event} has too many details.`);
  for (const [key, value] of details) {
    if (!KEY.test(key) || PERSONAL_KEY.test(key) || !isAllowed(value)) {
      throw new TypeError(`The detail "${key}" of ${entry.event} is neither a reference nor a state.`);
    }
  }
}

function isAllowed(value: DetailValue): boolean {
  if (value === null || typeof value === 'boolean') return true;
  return typeof value === 'object' ? value.length <= LONGEST_LIST && value.every(isReference) : isReference(value);
}

function isReference(value: string | number): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value);
  return WORD.test(value) || UUID.test(value) || SHA256.test(value) || INSTANT.test(value);
}
