import type { FastifyReply } from 'fastify';
import type { EvidenceFile } from '../common/evidence-file.js';

/**
 * Answers a file that somebody else may have made: always to be saved and never to be shown, its type never guessed, and
 * without any right should a browser show it all the same.
 */
export function sendEvidence(reply: FastifyReply, { fileName, mediaType, content }: EvidenceFile): Buffer {
  const plain = fileName.replace(/[^A-Za-z0-9._ -]/g, '_');
  void reply
    .type(mediaType.startsWith('text/') ? `${mediaType}; charset=utf-8` : mediaType)
    .header('content-disposition', `attachment; filename="${plain}"; filename*=UTF-8''${encoded(fileName)}`)
    .header('content-security-policy', "sandbox; default-src 'none'")
    .header('x-content-type-options', 'nosniff')
    .header('cache-control', 'no-store');
  return content;
}

/** RFC 8187, section 3.2. */
function encoded(name: string): string {
  return encodeURIComponent(name).replace(/['()*!]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
