import { withWholeDays, wholeDay } from '../../../web/form-days.js';
import { COMMAND_FIELDS, type CommandField } from '../../domain/lifecycle/command-fields.js';
import type { CustodyCommand } from '../../domain/lifecycle/commands.js';

/** A field of a command as the macros of forms take it. */
export interface FormField {
  readonly kind: 'text' | 'lines' | 'radios' | 'checkboxes' | 'day';
  readonly name: string;
  readonly label: string;
  readonly hint: string | undefined;
  readonly items: readonly { readonly value: string; readonly text: string }[];
  readonly inputmode: string | undefined;
}

const KINDS: Readonly<Record<CommandField['kind'], FormField['kind']>> = {
  person: 'text',
  text: 'text',
  evidence: 'text',
  kilograms: 'text',
  lines: 'lines',
  choice: 'radios',
  choices: 'checkboxes',
  day: 'day',
};

/** The fields of a command for its page. */
export function formFields(command: CustodyCommand): FormField[] {
  return COMMAND_FIELDS[command].map(({ kind, name, label, hint, required, choices }) => ({
    kind: KINDS[kind],
    name,
    label: required || kind === 'choices' ? label : `${label} (optional)`,
    hint,
    items: Object.entries(choices ?? {}).map(([value, text]) => ({ value, text })),
    inputmode: kind === 'kilograms' ? 'decimal' : kind === 'evidence' ? 'numeric' : undefined,
  }));
}

/**
 * What was typed into a command's form, as the command takes it: days in one text, and without the fields that belong to
 * the page.
 */
export function typedInput(
  command: CustodyCommand,
  body: object,
  ofThePage: readonly string[],
): Readonly<Record<string, unknown>> {
  const days = COMMAND_FIELDS[command].filter(({ kind }) => kind === 'day').map(({ name }) => name);
  const whole = Object.entries(withWholeDays(body, days)).filter(([name]) => !ofThePage.includes(name));
  return Object.fromEntries(
    whole.map(([name, value]) => [name, days.includes(name) ? wholeDay(value) : (value as unknown)]),
  );
}
