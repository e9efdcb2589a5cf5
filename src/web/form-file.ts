import type { FastifyInstance, FastifyRequest } from 'fastify';
import { InputError } from '../common/errors.js';
import type { FormValues } from './submitted-form.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Largest file, in bytes, that the route's form may bring; a form without a file is sent as any other. */
    takesFileOf?: number;
  }
}

/** A file that came with a form. */
export interface FormFile {
  readonly name: string;
  readonly mediaType: string;
  readonly content: Buffer;
}

const FILE_FORM = 'multipart/form-data';
/** Room for the other fields of the form, and for what stands between them. */
const FIELD_BYTES = 64 * 1024;
const MOST_FIELDS = 50;
/** The largest file that any form brings. */
const LARGEST_FILE = 10 * 1024 * 1024;

const files = new WeakMap<FastifyRequest, FormFile>();

/** Reads forms that bring a file (RFC 7578), on routes that say so; every other one refuses them. */
export function acceptFileForms(server: FastifyInstance): void {
  const options = { parseAs: 'buffer', bodyLimit: LARGEST_FILE + FIELD_BYTES } as const;
  server.addContentTypeParser<Buffer>(FILE_FORM, options, (request, body, done) => {
    if (request.routeOptions.config.takesFileOf === undefined) {
      done(new InputError('This address takes no files.', [], 415));
      return;
    }
    readFileForm(request, body).then(
      (values) => done(null, values),
      (error: unknown) => done(error as Error),
    );
  });
}

/** The file of a form that was sent; null when none was chosen. */
export function formFileOf(request: FastifyRequest): FormFile | null {
  return files.get(request) ?? null;
}

/**
 * The file of a form that needs one.
 * @param largest in bytes
 * @throws InputError, on the field `file`, when there is none, or an empty or too large one
 */
export function sentFile(request: FastifyRequest, largest: number): FormFile {
  const file = formFileOf(request);
  if (file === null || file.content.length === 0) {
    throw new InputError('Choose a file.', [{ field: 'file', message: 'Choose a file that is not empty' }]);
  }
  if (file.content.length > largest) {
    const message = `Choose a file of at most ${largest / 1024 / 1024} MB`;
    throw new InputError('The file is too large.', [{ field: 'file', message }]);
  }
  return file;
}

/**
 * Rethrows an error, an `InputError` so that what is wrong with the file stands on its field, a few rows of it.
 * @param others fields of the form that may be to blame themselves
 */
export function onTheFile(error: unknown, others: readonly string[] = []): never {
  if (!(error instanceof InputError) || error.fields.some(({ field }) => others.includes(field))) throw error;
  const details = error.fields
    .slice(0, 10)
    .map(({ field, message }) => ({ field: 'file', message: `${field}: ${message}` }));
  throw new InputError(error.message, details.length > 0 ? details : [{ field: 'file', message: error.message }]);
}

async function readFileForm(request: FastifyRequest, body: Buffer): Promise<FormValues> {
  const form = await new Response(new Uint8Array(body), {
    headers: { 'content-type': request.headers['content-type'] ?? '' },
  })
    .formData()
    .catch(() => {
      throw new InputError('The form is not readable. Load the page again and send it once more.', [], 400);
    });
  const values = Object.create(null) as Record<string, string | string[]>;
  let fields = 0;
  for (const [name, value] of form.entries()) {
    if (++fields > MOST_FIELDS) throw new InputError(`A form has at most ${MOST_FIELDS} fields.`, [], 400);
    if (typeof value === 'string') {
      if (value.includes('\0')) throw new InputError('The form holds characters that are no text.', [], 400);
      const earlier = values[name];
      values[name] = earlier === undefined ? value : [...[earlier].flat(), value];
    } else if (value.size > 0 || value.name !== '') {
      files.set(request, {
        name: value.name,
        mediaType: value.type,
        content: Buffer.from(await value.arrayBuffer()),
      });
    }
  }
  return values;
}
