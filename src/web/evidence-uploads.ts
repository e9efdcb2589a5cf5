import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { InputError } from '../common/errors.js';
import { EVIDENCE_TYPES, LARGEST_EVIDENCE } from '../common/evidence-file.js';

/**
 * Lets the server hand files of these types on where a route takes evidence; every other address refuses them. Texts
 * have their parsers already, see `acceptSheets` and `acceptStreams`.
 */
export function acceptEvidence(server: FastifyInstance): void {
  const types = EVIDENCE_TYPES.filter((type) => !type.startsWith('text/'));
  server.addContentTypeParser(types, (request, payload, done) => {
    if (request.routeOptions.config.takesEvidence) done(null, payload);
    else done(new InputError('This address takes no files.', [], 415));
  });
}

/** All of a file that was sent, as long as it is not too large. @throws InputError */
export async function fileIn(body: unknown): Promise<Buffer> {
  if (!(body instanceof Readable)) {
    throw new InputError(`Send the file itself, as one of ${EVIDENCE_TYPES.join(', ')}.`, [], 415);
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LARGEST_EVIDENCE) {
      throw new InputError(`The file is larger than ${LARGEST_EVIDENCE / 1024 / 1024} MB.`, [], 413);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
