import { generateKeyPairSync, verify } from 'node:crypto';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readHeads, writeHead } from './head-files.js';
import { fingerprintOf } from './published-head.js';

const INSTALLATION = '0b5c1f9a-5a4e-4d3c-9f51-6f7f0a4b6f10';
const HEAD = { installation: INSTALLATION, head: 42, hash: 'ab'.repeat(32) };
const NOW = new Date('2026-11-23T03:40:00.500Z');

describe('published heads', () => {
  const own = generateKeyPairSync('ed25519');
  const other = generateKeyPairSync('ed25519');
  let folder: string;
  beforeEach(() => {
    folder = path.join(mkdtempSync(path.join(os.tmpdir(), 'untether-heads-')), 'heads');
  });
  afterEach(() => rmSync(path.dirname(folder), { recursive: true, force: true }));

  it('are a file for people and a signature that any program can check', async () => {
    const file = await writeHead(folder, HEAD, own.privateKey, NOW);
    expect(readdirSync(folder).sort()).toEqual([
      'audit-head-20261123T034000500Z.json',
      'audit-head-20261123T034000500Z.json.sig',
    ]);
    const content = readFileSync(file);
    expect(JSON.parse(content.toString())).toEqual({
      form: 'untether-audit-1',
      ...HEAD,
      entries: 42,
      publishedAt: NOW.toISOString(),
      publicKey: fingerprintOf(own.publicKey),
    });
    expect(verify(null, content, own.publicKey, readFileSync(`${file}.sig`))).toBe(true);
  });

  it('are read back', async () => {
    expect(await readHeads(folder, INSTALLATION, [own.publicKey])).toEqual({ heads: [], refused: [] });
    await writeHead(folder, HEAD, own.privateKey, NOW);
    await writeHead(folder, { ...HEAD, head: 43 }, other.privateKey, new Date('2026-11-24T03:40:00Z'));
    const { heads, refused } = await readHeads(folder, INSTALLATION, [own.publicKey, other.publicKey]);
    expect(heads).toEqual([
      { id: 42, hash: HEAD.hash, origin: 'audit-head-20261123T034000500Z.json' },
      { id: 43, hash: HEAD.hash, origin: 'audit-head-20261124T034000000Z.json' },
    ]);
    expect(refused).toEqual([]);
  });

  it('are never written over', async () => {
    await writeHead(folder, HEAD, own.privateKey, NOW);
    await expect(writeHead(folder, HEAD, own.privateKey, NOW)).rejects.toThrow(/EEXIST/);
  });

  it.each<[string, (file: string) => void, RegExp]>([
    ['whose content was changed', (file) => appendFileSync(file, ' '), /does not fit its signature/],
    ['whose signature was changed', (file) => appendFileSync(`${file}.sig`, 'x'), /does not fit its signature/],
    ['without a signature', (file) => rmSync(`${file}.sig`), /has no signature/],
    ['that is no JSON', (file) => appendFileSync(file, '}'), /is not JSON/],
  ])('%s proves nothing', async (_name, spoil, reason) => {
    spoil(await writeHead(folder, HEAD, own.privateKey, NOW));
    const { heads, refused } = await readHeads(folder, INSTALLATION, [own.publicKey]);
    expect(heads).toEqual([]);
    expect(refused).toEqual([expect.stringMatching(reason)]);
  });

  it('of an unknown key or another installation prove nothing', async () => {
    await writeHead(folder, HEAD, other.privateKey, NOW);
    expect((await readHeads(folder, INSTALLATION, [own.publicKey])).refused).toEqual([
      expect.stringMatching(/signed with a key that is not known/),
    ]);
    expect((await readHeads(folder, 'another', [other.publicKey])).refused).toEqual([
      expect.stringMatching(/another installation/),
    ]);
  });
});
