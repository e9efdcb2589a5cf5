import type { FastifyInstance } from 'fastify';
import { InputError } from '../common/errors.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Most bytes that the route reads as they come, without ever having them all; every other route takes no such body. */
    takesStreamOf?: number;
  }
}

/** Bodies of plain text, also as evidence, unread: the route gets the stream, reads it piece by piece and counts what it reads. */
export function acceptStreams(server: FastifyInstance): void {
  server.addContentTypeParser('text/plain', (request, body, done) => {
    const { takesStreamOf: most, takesEvidence } = request.routeOptions.config;
    if (takesEvidence) done(null, body);
    else if (most === undefined) done(new InputError('This address takes no plain text.', [], 415));
    else if (Number(request.headers['content-length'] ?? 0) > most) {
      done(new InputError(`Send at most ${most} bytes.`, [], 413));
    } else done(null, body);
  });
}
