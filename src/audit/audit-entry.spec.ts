import { isActor } from './actor.js';
import { checkEntry, type AuditEntry } from './audit-entry.js';
import type { DetailValue } from './canonical-form.js';

const ENTRY: AuditEntry = { event: 'sync.paused', actor: 'system:schedule', subject: { kind: 'source', id: 'users' } };
const GUID = '05e9a617-0261-4cee-bb44-138d3ef5d965';

describe('what an entry of the trail may hold', () => {
  it.each<[string, DetailValue]>([
    ['removed', 12],
    ['run', 9_007_199_254_740_991],
    ['source', 'managed-devices'],
    ['formFactor', 'all_in_one'],
    ['tenant', GUID],
    ['hash', 'a'.repeat(64)],
    ['day', '2026-11-23'],
    ['at', '2026-11-23T09:30:00.123Z'],
    ['dryRun', false],
    ['holder', null],
    ['devices', [1, 2, 3]],
    ['people', [GUID]],
  ])('takes %s: %j', (key, value) => {
    expect(() => checkEntry({ ...ENTRY, details: { [key]: value } })).not.toThrow();
  });

  it.each<[string, DetailValue]>([
    ['holder', 'Zebedee Canaryfield'],
    ['holder', 'Zebedee'],
    ['holder', 'zebedee.canaryfield@canary.example'],
    ['holder', "o'brien"],
    ['device', 'CANARYSERIAL77'],
    ['device', '5cd1234xyz'],
    ['device', 'LT-FIN-0042'],
    ['device', 'lt-fin-0042'],
    ['device', 'CA:0A:0C:0A:0B:77'],
    ['from', '10.1.2.3'],
    ['what', 'Looks broken.'],
    ['what', ''],
    ['what', 'two words'],
    ['what', 'a\0b'],
    ['what', '\ud800'],
    ['what', 'x'.repeat(25)],
    ['share', 0.5],
    ['share', Number.NaN],
    ['share', 9_007_199_254_740_992],
    ['devices', ['LT-FIN-0042']],
    ['devices', Array.from({ length: 1_001 }, (_none, index) => index)],
    ...['displayName', 'serialNumber', 'mail', 'userPrincipalName', 'assetTag', 'reason', 'note', 'phone'].map(
      (key): [string, DetailValue] => [key, 'laptop'],
    ),
    ['Key', 1],
    ['a key', 1],
    ['__proto__x', 1],
  ])('refuses %s: %j', (key, value) => {
    expect(() => checkEntry({ ...ENTRY, details: { [key]: value } })).toThrow(TypeError);
  });

  it('names the key of what it refuses and never the value', () => {
    expect(() => checkEntry({ ...ENTRY, details: { holder: 'Zebedee Canaryfield' } })).toThrow(
      /^The detail "holder" of sync\.paused/,
    );
  });

  it('refuses values of no kind that it knows', () => {
    const details = JSON.parse('{"holder": {"first": 1}}') as Record<string, DetailValue>;
    expect(() => checkEntry({ ...ENTRY, details })).toThrow(TypeError);
  });

  it('refuses a subject that is no reference', () => {
    for (const subject of [
      { kind: 'device', id: 'LT-FIN-0042' },
      { kind: 'person', id: 'Zebedee Canaryfield' },
      { kind: 'Device 7', id: 7 },
      { kind: 'device', id: 1.5 },
    ]) {
      expect(() => checkEntry({ ...ENTRY, subject })).toThrow(TypeError);
    }
    expect(() => checkEntry({ ...ENTRY, subject: { kind: 'person', id: GUID } })).not.toThrow();
  });

  it('knows an actor from a name', () => {
    const actors = [`person:${GUID}`, 'token:12', 'command-line:root', 'command-line:COUNCIL\\jo', 'system:schedule'];
    expect(actors.filter(isActor)).toEqual(actors);
    const others = ['', 'root', 'person:', 'person:a@b.example', 'token:0', 'token:x', 'system:Two words', 'nobody:x'];
    expect(others.filter(isActor)).toEqual([]);
    expect(isActor('command-line:two words')).toBe(false);
  });
});
