import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { ConflictRow, FieldError } from '../common/errors.js';
import { formTokenOf } from './form-token.js';
import { SUBMISSION_FIELD, TOKEN_FIELD, troubleOf, valuesOf, type FormValues } from './submitted-form.js';

/** What the macros of `web/views/form.njk` are given as `form`. */
export interface FormContext {
  /** Hidden fields of every form on the page. */
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
  /** What was typed, when the form is shown again. */
  readonly values: FormValues;
  /** Whether the form is shown again; the values that a page starts with count only when it is not. */
  readonly sent: boolean;
  readonly message: string | null;
  readonly errors: readonly FieldError[];
  /** First error of each field. */
  readonly errorOf: Readonly<Record<string, string>>;
  readonly conflict: readonly { readonly label: string; readonly ours: string; readonly theirs: string }[] | null;
}

/** The form side of a page: fresh, or shown again with what was typed and what is wrong with it. */
export function formContext(request: FastifyRequest): FormContext {
  const trouble = troubleOf(request);
  const token = formTokenOf(request);
  return {
    hidden: [
      ...(token === null ? [] : [{ name: TOKEN_FIELD, value: token }]),
      // Nothing was done when a form is shown again, so that it is a new submission.
      { name: SUBMISSION_FIELD, value: randomUUID() },
    ],
    values: trouble === null ? {} : valuesOf(request),
    sent: trouble !== null,
    message: trouble?.message ?? null,
    errors: trouble?.errors ?? [],
    errorOf: Object.fromEntries([...(trouble?.errors ?? [])].reverse().map(({ field, message }) => [field, message])),
    conflict: trouble?.conflict ? sideBySide(trouble.conflict.ours, trouble.conflict.theirs) : null,
  };
}

function sideBySide(ours: readonly ConflictRow[], theirs: readonly ConflictRow[]): FormContext['conflict'] {
  const labels = [...new Set([...ours, ...theirs].map(({ label }) => label))];
  const valueOf = (rows: readonly ConflictRow[], label: string): string =>
    rows.find((row) => row.label === label)?.value ?? '';
  return labels.map((label) => ({ label, ours: valueOf(ours, label), theirs: valueOf(theirs, label) }));
}
