import type { FastifyInstance, FastifyRequest } from 'fastify';
import { InputError } from '../common/errors.js';
import type { FormValues } from './submitted-form.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route takes a form and nothing else; every other route takes no form. */
    takesForm?: boolean;
  }
}

const FORM_TYPE = 'application/x-www-form-urlencoded';
/** Fields of one form at the most; a bulk action names its machines one by one. */
const MOST_FIELDS = 2_000;

/**
 * Reads bodies as the route wants them, never as their header says: a route that takes forms refuses JSON, every other
 * one refuses forms, and nobody takes plain text.
 */
export function acceptForms(server: FastifyInstance): void {
  const readJson = server.getDefaultJsonParser('error', 'error');
  server.removeContentTypeParser(['application/json', 'text/plain']);
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (!isUtf8(request)) done(new InputError('Send this in UTF-8.', [], 415));
    else if (request.routeOptions.config.takesForm) done(new InputError('Send this as a form.', [], 415));
    else void readJson(request, body as string, done);
  });
  server.addContentTypeParser(FORM_TYPE, { parseAs: 'string' }, (request, body, done) => {
    if (!request.routeOptions.config.takesForm || !isUtf8(request)) {
      done(new InputError('This address takes no such form.', [], 415));
      return;
    }
    try {
      done(null, formValues(body as string));
    } catch (error) {
      done(error as Error);
    }
  });
}

/** Whether a body is in the one character set that is read here, which is also the one when none is named. */
function isUtf8({ headers }: FastifyRequest): boolean {
  const parameters = (headers['content-type'] ?? '').toLowerCase().split(';').slice(1);
  const named = parameters.map((parameter) => parameter.trim()).filter((parameter) => parameter.startsWith('charset='));
  return named.every((parameter) => /^charset="?utf-?8"?$/.test(parameter));
}

/**
 * The fields of a form; one that is named more than once has a list.
 * @throws InputError 400 for what no browser sends: broken percent encoding, too many fields, NUL characters.
 */
export function formValues(body: string): FormValues {
  const values = Object.create(null) as Record<string, string | string[]>;
  const pairs = body === '' ? [] : body.split('&');
  if (pairs.length > MOST_FIELDS) throw new InputError(`A form has at most ${MOST_FIELDS} fields.`, [], 400);
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const name = decoded(at === -1 ? pair : pair.slice(0, at));
    const value = decoded(at === -1 ? '' : pair.slice(at + 1));
    const earlier = values[name];
    values[name] = earlier === undefined ? value : [...[earlier].flat(), value];
  }
  return values;
}

function decoded(text: string): string {
  try {
    // Browsers send line breaks as CR LF; one kind is stored.
    const plain = decodeURIComponent(text.replaceAll('+', ' ')).replaceAll('\r\n', '\n');
    if (!plain.includes('\0')) return plain;
  } catch {
    // Reported below, together with what decodes and is still not text.
  }
  throw new InputError('The form is not readable. Load the page again and send it once more.', [], 400);
}
