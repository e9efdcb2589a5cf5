import { createPrivateKey } from 'node:crypto';
import path from 'node:path';
import type { SettingsReader } from './settings-reader.js';

/** With what the head of the audit trail is signed, and where it is published. */
export interface AuditSettings {
  /** PEM of an Ed25519 private key; null where none is set. */
  readonly signingKey: string | null;
  readonly publishFolder: string;
}

/**
 * Reads AUDIT_SIGNING_KEY and AUDIT_PUBLISH_FOLDER.
 * @param home UNTETHER_HOME, below which the folder lies unless another is named
 */
export function readAuditSettings(reader: SettingsReader, home: string): AuditSettings {
  const signingKey = reader.text('AUDIT_SIGNING_KEY');
  if (signingKey !== null && !isSigningKey(signingKey)) {
    reader.wrong(
      'AUDIT_SIGNING_KEY',
      'is not an Ed25519 private key in PEM.',
      'Make one with "openssl genpkey -algorithm ed25519" and name its file in AUDIT_SIGNING_KEY_FILE.',
    );
  }
  return {
    signingKey,
    publishFolder: path.resolve(reader.text('AUDIT_PUBLISH_FOLDER') ?? path.join(home, 'audit-heads')),
  };
}

function isSigningKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'ed25519';
  } catch {
    return false;
  }
}
