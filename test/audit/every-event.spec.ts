import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { AUDIT_EVENTS } from '../../src/audit/audit-events.js';

const ROOT = path.join(import.meta.dirname, '..', '..');
/** What a spec that looks into the trail has. */
const LOOKS = /\b(audit_event|auditedAs|auditEntries)\b/;
const LITERAL = /'([a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*)'/g;
const KNOWN: ReadonlySet<string> = new Set(AUDIT_EVENTS);

/** Events that specs which look into the trail name, each with the files that do. */
function seenEvents(): Map<string, string[]> {
  const seen = new Map<string, string[]>();
  for (const folder of ['src', 'test']) {
    for (const file of readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.spec.ts') || path.join(folder, file).startsWith(path.join('src', 'audit'))) continue;
      const text = readFileSync(path.join(ROOT, folder, file), 'utf8');
      if (!LOOKS.test(text)) continue;
      for (const [, event = ''] of text.matchAll(LITERAL)) {
        if (KNOWN.has(event)) seen.set(event, [...(seen.get(event) ?? []), file]);
      }
    }
  }
  return seen;
}

describe('every event of the audit trail', () => {
  const seen = seenEvents();

  it.each(AUDIT_EVENTS)('%s was seen by a test of its command', (event) => {
    expect(seen.get(event) ?? []).not.toEqual([]);
  });

  it('is named once, in words, as something that happened to something', () => {
    expect(new Set(AUDIT_EVENTS).size).toBe(AUDIT_EVENTS.length);
    for (const event of AUDIT_EVENTS) expect(event).toMatch(/^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/);
  });
});
