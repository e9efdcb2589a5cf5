import type { FieldError } from '../../../common/errors.js';
import { isDay } from '../../../common/instant.js';
import { visibleText } from '../../../common/visible-text.js';
import { COMMAND_FIELDS, ONE_OF, type CommandField } from './command-fields.js';
import type { CustodyCommand } from './commands.js';

/** What was said with a command, checked and trimmed. */
export interface CommandInput {
  /** The person as they were named: user principal name or object id. */
  readonly holder: string | null;
  readonly place: string | null;
  readonly reason: string | null;
  readonly reference: string | null;
  readonly evidenceId: number | null;
  readonly details: Readonly<Record<string, string | number | readonly string[]>>;
}

export type InputReading =
  | { readonly ok: true; readonly input: CommandInput }
  /** `unknown` when a field was sent that the command does not have. */
  | { readonly ok: false; readonly errors: readonly FieldError[]; readonly unknown: boolean };

const LARGEST_ID = 2_147_483_647;
const ONE_LINE = /^[^\p{Cc}\p{Cs}]+$/u;
const SEVERAL_LINES = /^(?:[\t\n\r]|[^\p{Cc}\p{Cs}])+$/u;
/** Up to 9,999.99 kg: a pallet and not a typing error. */
const KILOGRAMS = /^(?:0|[1-9]\d{0,3})(?:\.\d{1,2})?$/;

/**
 * Reads what was sent with a command, from a form or as JSON. The one list of fields (`COMMAND_FIELDS`) decides what is
 * taken; custody itself, its holder's name or its version are no fields.
 * @param today the day, as `2026-11-23`; what was done is not in the future
 */
export function readCommandInput(
  command: CustodyCommand,
  sent: Readonly<Record<string, unknown>>,
  today: string,
): InputReading {
  const fields = COMMAND_FIELDS[command];
  const known = new Set(fields.map(({ name }) => name));
  const unknown = Object.keys(sent).filter((name) => !known.has(name));
  if (unknown.length > 0) {
    const message = `is not known here; known are ${[...known].join(', ')}`;
    const errors = unknown.slice(0, 10).map((name) => ({ field: name.slice(0, 100), message }));
    return { ok: false, unknown: true, errors };
  }
  const errors: FieldError[] = [];
  const details: Record<string, string | number | readonly string[]> = {};
  const kept: Record<'holder' | 'place' | 'reason' | 'reference', string | null> = {
    holder: null,
    place: null,
    reason: null,
    reference: null,
  };
  let evidenceId: number | null = null;
  for (const field of fields) {
    const reading = readField(field, Object.hasOwn(sent, field.name) ? sent[field.name] : undefined, today);
    if (reading.error !== undefined) errors.push({ field: field.name, message: reading.error });
    else if (reading.value !== null) {
      if (field.keptAs === 'detail') details[field.name] = reading.value;
      else if (field.keptAs === 'evidence') evidenceId = Number(reading.value);
      else kept[field.keptAs] = String(reading.value);
    }
  }
  const either = ONE_OF[command];
  if (either && errors.length === 0 && either.every((name) => details[name] === undefined)) {
    const labels = either.map((name) => fields.find((field) => field.name === name)?.label.toLowerCase() ?? name);
    errors.push({ field: either[0], message: `Enter the ${labels.join(' or the ')}.` });
  }
  return errors.length > 0
    ? { ok: false, unknown: false, errors }
    : { ok: true, input: { ...kept, evidenceId, details } };
}

type Reading =
  | { readonly error: string; readonly value?: undefined }
  | { readonly error?: undefined; readonly value: string | number | readonly string[] | null };

function readField(field: CommandField, sent: unknown, today: string): Reading {
  if (field.kind === 'choices') return readChoices(field, sent);
  if (sent === undefined || sent === null) return missing(field);
  if (field.kind === 'evidence' || field.kind === 'kilograms') return readNumber(field, sent);
  if (typeof sent !== 'string') return { error: 'Give one text.' };
  const text = visibleText(sent);
  if (text === '') return missing(field);
  switch (field.kind) {
    case 'choice':
      return Object.hasOwn(field.choices ?? {}, text)
        ? { value: text }
        : { error: `Choose one of ${Object.keys(field.choices ?? {}).join(', ')}.` };
    case 'day':
      if (!isDay(text)) return { error: 'Enter a day such as 2026-11-23.' };
      return text > today ? { error: 'Enter a day that is not in the future.' } : { value: text };
    case 'person':
    case 'text':
    case 'lines': {
      const limit = field.limit ?? 0;
      if ([...text].length > limit) return { error: `Enter at most ${limit} characters.` };
      if (!(field.kind === 'lines' ? SEVERAL_LINES : ONE_LINE).test(text)) {
        return { error: 'Enter a text without control characters.' };
      }
      return { value: text };
    }
  }
}

function missing(field: CommandField): Reading {
  if (!field.required) return { value: null };
  return {
    error: field.kind === 'choice' ? `Choose: ${field.label.toLowerCase()}.` : `Enter: ${field.label.toLowerCase()}.`,
  };
}

function readChoices(field: CommandField, sent: unknown): Reading {
  const list: readonly unknown[] =
    sent === undefined || sent === null || sent === '' ? [] : Array.isArray(sent) ? sent : [sent];
  const choices = field.choices ?? {};
  const isKnown = (value: unknown): value is string => typeof value === 'string' && Object.hasOwn(choices, value);
  if (!list.every(isKnown)) return { error: `Choose from ${Object.keys(choices).join(', ')}.` };
  // What is not there is said too: an empty list is an answer.
  return { value: Object.keys(choices).filter((name) => list.includes(name)) };
}

function readNumber(field: CommandField, sent: unknown): Reading {
  const text = typeof sent === 'number' ? String(sent) : typeof sent === 'string' ? sent.trim() : 'none';
  if (text === '') return missing(field);
  if (field.kind === 'evidence') {
    const id = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : 0;
    return id > 0 && id <= LARGEST_ID ? { value: id } : { error: 'Give the number of a file of this machine.' };
  }
  const weight = KILOGRAMS.test(text) ? Number(text) : 0;
  return weight > 0 ? { value: weight } : { error: 'Enter a weight from 0.01 to 9999.99 kilograms.' };
}
