import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { InputError } from '../common/errors.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route takes a file to import as its body. */
    takesSheet?: boolean;
    /** The route takes files of evidence, which may be CSV. */
    takesEvidence?: boolean;
  }
}

export const CSV_TYPE = 'text/csv';
export const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Lets the server hand files on as they arrive, on routes that take them; what a file is, its bytes say. */
export function acceptSheets(server: FastifyInstance): void {
  server.addContentTypeParser([CSV_TYPE, XLSX_TYPE], (request, payload, done) => {
    const { config } = request.routeOptions;
    if (config.takesSheet || config.takesEvidence) done(null, payload);
    else done(new InputError('This address takes no files.', [], 415));
  });
}

/**
 * Works with the file that a request brings as its body. The connection outlives the reading, or a refusal could not be
 * answered.
 * @throws InputError 415 when the body is no file
 */
export async function withSentSheet<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  work: (file: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<T> {
  const file = request.body;
  if (!(file instanceof Readable)) {
    throw new InputError(`Send the file itself, as ${CSV_TYPE} or ${XLSX_TYPE}.`, [], 415);
  }
  try {
    return await work(file.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>);
  } catch (error) {
    void reply.header('connection', 'close');
    file.resume();
    throw error;
  }
}
