import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Gives every answer of the API a tag of its content, and answers 304 without the content to a caller who already has
 * it. Lists have one too: a script that polls pays for changes only.
 */
export async function addEntityTag(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  if (reply.statusCode !== 200 || typeof payload !== 'string' || !request.url.startsWith('/api/')) return payload;
  // A record that is changed under its version has it in front, so that `If-Match` can name it.
  const version = reply.getHeader('etag');
  const content = hash('sha256', payload, 'base64url').slice(0, 27);
  const tag = typeof version === 'string' ? `"${version.replaceAll('"', '')}.${content}"` : `"${content}"`;
  void reply.header('etag', tag);
  const known = request.headers['if-none-match'] ?? '';
  if (!known.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === tag)) return payload;
  void reply.code(304).removeHeader('content-length').removeHeader('content-type');
  return '';
}
