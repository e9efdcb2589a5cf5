import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { KeyObject } from 'node:crypto';
import type { KnownHead } from './chain-verification.js';
import { HeadRefused, readHead, signHead, type PublishedHead } from './published-head.js';

/** What a folder of published heads holds. */
export interface HeadFiles {
  /** Heads of this installation that are signed with a known key. */
  readonly heads: readonly KnownHead[];
  /** Files that prove nothing, and why, in sentences. */
  readonly refused: readonly string[];
}

const FILE = /^audit-head-\d{8}T\d{9}Z\.json$/;

/**
 * Writes a head and its signature into a folder, which is made if needed; earlier ones are never written over.
 * @returns the path of the file
 */
export async function writeHead(
  folder: string,
  head: Pick<PublishedHead, 'installation' | 'head' | 'hash'>,
  key: KeyObject,
  now: Date,
): Promise<string> {
  const { content, signature } = signHead({ ...head, entries: head.head, publishedAt: now.toISOString() }, key);
  const stamp = now.toISOString().replace(/[-:.]/g, '');
  const file = path.join(folder, `audit-head-${stamp}.json`);
  await mkdir(folder, { recursive: true });
  await writeFile(`${file}.sig`, signature, { flag: 'wx' });
  // Under its name only when it is complete, and after its signature.
  await writeFile(`${file}.part`, content, { flag: 'wx' });
  await rename(`${file}.part`, file);
  return file;
}

/** Reads all published heads of a folder; one that does not exist yet holds none. */
export async function readHeads(folder: string, installation: string, keys: readonly KeyObject[]): Promise<HeadFiles> {
  const heads: KnownHead[] = [];
  const refused: string[] = [];
  for (const name of await namesIn(folder)) {
    try {
      const file = path.join(folder, name);
      const signature = await readFile(`${file}.sig`).catch(() => {
        throw new HeadRefused('has no signature beside it');
      });
      const head = readHead(await readFile(file), signature, keys);
      if (head.installation !== installation) throw new HeadRefused('is the head of another installation');
      heads.push({ id: head.head, hash: head.hash, origin: name });
    } catch (error) {
      if (!(error instanceof HeadRefused)) throw error;
      refused.push(`${name} ${error.message}.`);
    }
  }
  return { heads, refused };
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => FILE.test(name)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
