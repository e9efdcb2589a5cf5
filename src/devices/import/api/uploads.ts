import type { FastifyInstance } from 'fastify';
import { InputError } from '../../../common/errors.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route takes files of evidence, which may be CSV. */
    takesEvidence?: boolean;
  }
}

/** Where files are sent to. */
export const UPLOAD_PATH = '/api/v1/imports';
export const CSV_TYPE = 'text/csv';
export const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/**
 * Lets the server hand files on as they arrive, at the addresses that take them; what a file is, its bytes say. Every
 * other address refuses these types.
 */
export function acceptUploads(server: FastifyInstance): void {
  server.addContentTypeParser([CSV_TYPE, XLSX_TYPE], (request, payload, done) => {
    const { url, config } = request.routeOptions;
    if (url === UPLOAD_PATH || config.takesEvidence) done(null, payload);
    else done(new InputError('This address takes no files.', [], 415));
  });
}
