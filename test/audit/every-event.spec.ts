import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { AUDIT_EVENTS } from '../../src/audit/audit-events.js';

const ROOT = path.join(import.meta.dirname, '..', '..');
/** `audited('event', …)` and `auditedAs(dataSource, 'event', …)`: what has seen that a command leaves its entry. */
const SEEN = /\baudited(?:As)?\(\s*(?:[\w.]+,\s*)?'([a-z-]+\.[a-z-]+)'/g;

/** Events that some spec has seen a command leave. */
function seenEvents(): Set<string> {
  const seen = new Set<string>();
  for (const folder of ['src', 'test']) {
    for (const file of readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.spec.ts')) continue;
      for (const [, event = ''] of readFileSync(path.join(ROOT, folder, file), 'utf8').matchAll(SEEN)) seen.add(event);
    }
  }
  return seen;
}

describe('every event of the audit trail', () => {
  const seen = seenEvents();

  it.each(AUDIT_EVENTS)('%s was seen by a test of its command', (event) => {
    expect([...seen]).toContain(event);
  });

  it('is named once, in words, as something that happened to something', () => {
    expect(new Set(AUDIT_EVENTS).size).toBe(AUDIT_EVENTS.length);
    for (const event of AUDIT_EVENTS) expect(event).toMatch(/^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/);
  });

  it('that a test names is one of the list', () => {
    const known: ReadonlySet<string> = new Set(AUDIT_EVENTS);
    expect([...seen].filter((event) => !known.has(event))).toEqual([]);
  });
});
