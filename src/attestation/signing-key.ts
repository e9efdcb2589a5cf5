import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../config/config.types.js';

const FILE = 'audit-signing-key.pem';

/**
 * The key that heads are signed with: the one of the settings, or on the embedded database one of its own, made once in
 * UNTETHER_HOME. Null where neither is: on a server several processes would each make another.
 */
export async function signingKey(config: Pick<Config, 'audit' | 'databaseUrl' | 'home'>): Promise<KeyObject | null> {
  if (config.audit.signingKey !== null) return createPrivateKey(config.audit.signingKey);
  if (config.databaseUrl !== null) return null;
  const file = path.join(config.home, FILE);
  const { privateKey } = generateKeyPairSync('ed25519');
  await mkdir(config.home, { recursive: true });
  try {
    await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    // It is there already, from before or from another process at this moment.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return createPrivateKey(await readFile(file));
}
