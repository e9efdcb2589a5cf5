import type { FastifyRequest } from 'fastify';
import type { ConflictDetails, FieldError } from '../common/errors.js';

/** Where Nest keeps the name of the method that shows the form of a FormPost. */
export const FORM_METHOD = 'untether:form-method';

/** Names of the hidden fields that the form mechanism itself reads. */
export const TOKEN_FIELD = 'token';
export const SUBMISSION_FIELD = 'submission';

/** The fields of a form as they were sent; a name sent more than once has a list. */
export type FormValues = Readonly<Record<string, string | readonly string[]>>;

/** What is wrong with a form that was sent. */
export interface FormTrouble {
  readonly status: number;
  readonly message: string;
  readonly errors: readonly FieldError[];
  readonly conflict: ConflictDetails | null;
}

interface Hidden {
  readonly token: string | null;
  readonly submission: string | null;
}

const hiddenFields = new WeakMap<FastifyRequest, Hidden>();
const troubles = new WeakMap<FastifyRequest, FormTrouble>();

/** Takes the hidden fields out of the body, so that what remains is what the person typed. */
export function separateHiddenFields(request: FastifyRequest): Hidden {
  const known = hiddenFields.get(request);
  if (known) return known;
  const { [TOKEN_FIELD]: token, [SUBMISSION_FIELD]: submission, ...values } = (request.body ?? {}) as FormValues;
  const hidden = { token: single(token), submission: single(submission) };
  // Without a prototype, so that a field called __proto__ or constructor is a field like any other.
  request.body = Object.assign(Object.create(null) as object, values);
  hiddenFields.set(request, hidden);
  return hidden;
}

/** The key of the submission; null when the form has none. */
export function submissionOf(request: FastifyRequest): string | null {
  return hiddenFields.get(request)?.submission ?? null;
}

/** What was typed, where a form was sent. */
export function valuesOf(request: FastifyRequest): FormValues {
  return hiddenFields.has(request) ? (request.body as FormValues) : {};
}

/** Keeps what is wrong with the form until its page is shown again. */
export function rememberTrouble(request: FastifyRequest, trouble: FormTrouble): void {
  troubles.set(request, trouble);
}

/** What is wrong with the form that was sent; null when nothing is, or none was. */
export function troubleOf(request: FastifyRequest): FormTrouble | null {
  return troubles.get(request) ?? null;
}

function single(value: FormValues[string] | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
