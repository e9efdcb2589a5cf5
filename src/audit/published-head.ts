import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { CANONICAL_FORM } from './canonical-form.js';

/** The head of the chain as it is told to the outside. */
export interface PublishedHead {
  /** Name of the canonical form of the entries. */
  readonly form: string;
  readonly installation: string;
  /** Entries from the first to the head. */
  readonly entries: number;
  readonly head: number;
  /** Hash of the head, in hexadecimal digits. */
  readonly hash: string;
  /** When it was published, UTC. */
  readonly publishedAt: string;
  /** SHA-256 of the public key (SubjectPublicKeyInfo, DER), in hexadecimal digits. */
  readonly publicKey: string;
}

/** SHA-256 of a public key, in hexadecimal digits; of a private key that of its public one. */
export function fingerprintOf(key: KeyObject): string {
  return createHash('sha256')
    .update(publicOf(key).export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** The public half of a key. */
export function publicOf(key: KeyObject): KeyObject {
  return key.type === 'private' ? createPublicKey(key) : key;
}

/** The bytes of a published file and of its detached signature (Ed25519, RFC 8032; 64 bytes). */
export function signHead(
  head: Omit<PublishedHead, 'form' | 'publicKey'>,
  key: KeyObject,
): { readonly content: Buffer; readonly signature: Buffer } {
  const published: PublishedHead = { form: CANONICAL_FORM, ...head, publicKey: fingerprintOf(key) };
  const content = Buffer.from(`${JSON.stringify(published, null, 2)}\n`, 'utf8');
  return { content, signature: sign(null, content, key) };
}

/**
 * The head in a published file.
 * @param keys public keys that are trusted
 * @throws HeadRefused saying why the file proves nothing
 */
export function readHead(content: Buffer, signature: Buffer, keys: readonly KeyObject[]): PublishedHead {
  let head: Partial<PublishedHead> | null;
  try {
    head = JSON.parse(content.toString('utf8')) as Partial<PublishedHead> | null;
  } catch {
    throw new HeadRefused('is not JSON');
  }
  const key = keys.find((candidate) => fingerprintOf(candidate) === head?.publicKey);
  if (key === undefined) throw new HeadRefused('is signed with a key that is not known here');
  if (!verify(null, content, publicOf(key), signature)) throw new HeadRefused('does not fit its signature');
  if (!isHead(head)) throw new HeadRefused('is of another form');
  return head;
}

/** A published file proves nothing; the message goes on after the name of the file. */
export class HeadRefused extends Error {
  override readonly name = 'HeadRefused';
}

function isHead(head: Partial<PublishedHead> | null): head is PublishedHead {
  return (
    head?.form === CANONICAL_FORM &&
    typeof head.installation === 'string' &&
    Number.isSafeInteger(head.head) &&
    typeof head.hash === 'string'
  );
}
