import { createHash, type Hash } from 'node:crypto';
import { InputError } from '../common/errors.js';

/** The bytes as they come, counted and hashed on the way. */
export async function* limitedBytes(
  source: AsyncIterable<Uint8Array | string>,
  limit: number,
  hash: Hash,
): AsyncGenerator<Buffer, void, undefined> {
  let bytes = 0;
  for await (const piece of source) {
    const chunk =
      typeof piece === 'string' ? Buffer.from(piece) : Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    bytes += chunk.length;
    if (bytes > limit) {
      const megabytes = Math.floor(limit / 1024 / 1024);
      throw new InputError(`The file is larger than ${megabytes} MB. Split it into smaller files.`, [], 413);
    }
    hash.update(chunk);
    yield chunk;
  }
}

/** The first bytes of a file (fewer when it is shorter), and all of its bytes including those. */
export async function peek(
  source: AsyncGenerator<Buffer, void, undefined>,
  length: number,
): Promise<{ start: Buffer; bytes: AsyncGenerator<Buffer, void, undefined> }> {
  let start: Buffer = Buffer.alloc(0);
  while (start.length < length) {
    const next = await source.next();
    if (next.done) break;
    start = start.length === 0 ? next.value : Buffer.concat([start, next.value]);
  }
  const first = start;
  async function* bytes(): AsyncGenerator<Buffer, void, undefined> {
    try {
      yield first;
      yield* source;
    } finally {
      await source.return();
    }
  }
  return { start, bytes: bytes() };
}

/** SHA-256 of the whole file in hexadecimal. */
export async function contentHash(source: AsyncIterable<Uint8Array | string>, limit: number): Promise<string> {
  const hash = createHash('sha256');
  const bytes = limitedBytes(source, limit, hash);
  while (!(await bytes.next()).done) continue;
  return hash.digest('hex');
}
