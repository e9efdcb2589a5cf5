import { createHash } from 'node:crypto';
import { hashOf, hashOfBeginning, type ChainedEntry } from './canonical-form.js';

const ENTRY: ChainedEntry = {
  id: 2,
  at: new Date('2026-11-23T09:30:00.123Z'),
  event: 'sync.paused',
  actor: 'command-line:root',
  subjectKind: 'source',
  subjectId: 'users',
  details: { run: 7, full: true, states: ['held', 3], nothing: null },
  requestId: null,
};

/** Written from docs/audit.md, not from the code. */
function field(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

describe('the canonical form', () => {
  const previous = hashOfBeginning('0b5c1f9a-5a4e-4d3c-9f51-6f7f0a4b6f10');

  it('is fields with their length, as documented', () => {
    const fields = [
      'untether-audit-1',
      previous,
      '2',
      '2026-11-23T09:30:00.123Z',
      'sync.paused',
      'command-line:root',
      'source',
      'users',
      '',
      '4',
      ...['full', 'boolean true', 'nothing', 'null', 'run', 'number 7', 'states', 'list 2', 'string held', 'number 3'],
    ];
    const expected = createHash('sha256')
      .update(Buffer.concat(fields.map(field)))
      .digest('hex');
    expect(hashOf(previous, ENTRY).toString('hex')).toBe(expected);
  });

  it('never changes: these hashes stand in trails already', () => {
    expect(previous.toString('hex')).toBe('f4f775ef935b982489f68026b3426e1654b09ec3dc192a00473e7dd57be8d062');
    expect(hashOf(previous, ENTRY).toString('hex')).toBe(
      'de0ed3f55f8d3ba9fde28e16aa414bebcbcea327886765613d9f62e14452d467',
    );
  });

  it.each<[string, Partial<ChainedEntry>]>([
    ['number', { id: 3 }],
    ['time', { at: new Date('2026-11-23T09:30:00.124Z') }],
    ['event', { event: 'sync.resumed' }],
    ['actor', { actor: 'command-line:roots' }],
    ['kind of subject', { subjectKind: 'sourc', subjectId: 'eusers' }],
    ['subject', { subjectId: 'user' }],
    ['request', { requestId: 'x' }],
    ['details: a text for a number', { details: { ...ENTRY.details, run: '7' } }],
    ['details: a list of one for its item', { details: { ...ENTRY.details, run: [7] } }],
    ['details: null for the text', { details: { ...ENTRY.details, nothing: 'null' } }],
    ['details: one less', { details: { run: 7, full: true, states: ['held', 3] } }],
  ])('another %s gives another hash', (_name, change) => {
    expect(hashOf(previous, { ...ENTRY, ...change })).not.toEqual(hashOf(previous, ENTRY));
  });

  it('does not depend on the order of the details', () => {
    const { run, full, states, nothing } = ENTRY.details;
    const turned = { nothing: nothing ?? null, states: states ?? 0, full: full ?? 0, run: run ?? 0 };
    expect(hashOf(previous, { ...ENTRY, details: turned })).toEqual(hashOf(previous, ENTRY));
  });
});
