import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';

// The first bytes of every token; in base64 they read "+/+/", so that each link carries characters which a client
// corrupts when it decodes or re-encodes a link instead of keeping it whole.
const PREFIX = Buffer.from('+/+/', 'base64');
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Makes the values of `$skiptoken` and `$deltatoken`: encrypted and authenticated, so that a client can neither read nor
 * build one. The same content under the same key gives the same token, so that a repeated link can be recognised.
 */
export class OpaqueTokens {
  private readonly encryptionKey: Buffer;
  private readonly derivationKey: Buffer;

  /** @param key at least 16 secret bytes; tokens made under another key are not accepted. */
  constructor(key: Buffer) {
    this.encryptionKey = Buffer.from(hkdfSync('sha256', key, '', 'encryption', 32));
    this.derivationKey = Buffer.from(hkdfSync('sha256', key, '', 'initialisation vector', 32));
  }

  /** The token for a query string, URL-encoded; it contains `%2B` and ends in `%3D%3D`. */
  seal(content: unknown): string {
    let plain = JSON.stringify(content);
    // Base64 ends in "==" when the length leaves one byte over from groups of three.
    while ((PREFIX.length + IV_BYTES + TAG_BYTES + Buffer.byteLength(plain)) % 3 !== 1) plain += ' ';
    const iv = createHmac('sha256', this.derivationKey).update(plain).digest().subarray(0, IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.encryptionKey, iv);
    const encrypted = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return encodeURIComponent(Buffer.concat([PREFIX, iv, cipher.getAuthTag(), encrypted]).toString('base64'));
  }

  /** What a token (already URL-decoded) holds, or undefined when this key did not make it. */
  open(token: string): unknown {
    const bytes = Buffer.from(token, 'base64');
    const start = PREFIX.length;
    if (bytes.length <= start + IV_BYTES + TAG_BYTES || !bytes.subarray(0, start).equals(PREFIX)) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', this.encryptionKey, bytes.subarray(start, start + IV_BYTES));
    decipher.setAuthTag(bytes.subarray(start + IV_BYTES, start + IV_BYTES + TAG_BYTES));
    try {
      const plain = Buffer.concat([decipher.update(bytes.subarray(start + IV_BYTES + TAG_BYTES)), decipher.final()]);
      return JSON.parse(plain.toString('utf8')) as unknown;
    } catch {
      return undefined;
    }
  }
}
