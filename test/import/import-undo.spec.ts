import fc from 'fast-check';
import { ACTOR, openRegister, type RegisterFixture } from './register-fixture.js';

const HEADER = 'Asset Tag,Serial,Manufacturer,Cost,Warranty End,Location,Notes\n';

/** A few tags, serial numbers and makers, so that rows meet the same machines in every possible way. */
const row = fc.record({
  tag: fc.constantFrom('', 'T1', 'T2', 'T3', 't4', 'T5'),
  serial: fc.constantFrom('', 'SER-1', 'ser-2', 'SER 3', 'TWIN9', 'Default string'),
  maker: fc.constantFrom('', 'Dell Inc.', 'HP'),
  cost: fc.constantFrom('', '900', '£1,234.50', '-1'),
  warranty: fc.constantFrom('', '2029-01-02', '31/12/2028'),
  location: fc.constantFrom('', 'Depot', 'Town Hall'),
  notes: fc.constantFrom('', 'a "note"', 'x, y'),
});

function fileOf(rows: readonly (typeof row extends fc.Arbitrary<infer R> ? R : never)[]): string {
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const lines = rows.map((r) =>
    [r.tag, r.serial, r.maker, r.cost, r.warranty, r.location, r.notes].map(quoted).join(','),
  );
  return `${HEADER}${lines.join('\n')}\n`;
}

describe('undoing an import', () => {
  let fixture: RegisterFixture;
  beforeAll(async () => {
    fixture = await openRegister();
  });
  beforeEach(() => fixture.clear());
  afterAll(() => fixture.close());

  it('restores exactly what was there, for any register and any files, one undone after the other', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(row, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 4 }),
        async (files) => {
          await fixture.clear();
          await fixture.addDevices([
            { serial: 'SER-1', manufacturer: 'Dell' },
            { serial: 'SER3', manufacturer: 'Hewlett-Packard' },
            { serial: 'TWIN9', manufacturer: 'HP' },
            { serial: 'TWIN9', manufacturer: 'HP' },
          ]);
          const states: Record<string, unknown>[][] = [await fixture.register()];
          const applied: number[] = [];
          for (const rows of files) {
            const staged = await fixture.stage(fileOf(rows)).catch(() => null);
            if (!staged) continue;
            const summary = await fixture.imports.apply(staged.id, ACTOR);
            const entries = await fixture.register();
            expect(entries.filter((entry) => entry['import_id'] === staged.id)).toHaveLength(
              summary.counts.new + summary.counts.changed,
            );
            applied.push(staged.id);
            states.push(entries);
            // Unless a row waited for another, the same file again has nothing left to say.
            const again = await fixture.stage(fileOf(rows));
            if (summary.counts.conflict === 0) expect(again.counts).toMatchObject({ new: 0, changed: 0 });
          }
          for (const id of applied.reverse()) {
            states.pop();
            expect(await fixture.imports.undo(id, ACTOR, 'test')).toMatchObject({ refused: 0 });
            expect(await fixture.register()).toEqual(states.at(-1));
          }
        },
      ),
      { numRuns: 40 },
    );
  }, 120_000);

  it('leaves entries alone that were changed since, and names them', async () => {
    await fixture.bring(`${HEADER}T1,SER-1,,900,,Depot,\nT2,SER-2,,900,,Depot,\nT3,SER-3,,,,Depot,\n`);
    const first = await fixture.bring(
      `${HEADER}T1,,,,,Library,\nT2,,,,,Library,\nT3,,,,,Library,\nT4,,,,,Library,\nT5,,,,,Library,\n`,
    );
    await fixture.bring(`${HEADER}T1,,,,,Town Hall,\nT4,,,,,Town Hall,\n`);
    await fixture.rows(`delete from device_register where asset_tag = 'T3'`);

    const undone = await fixture.imports.undo(first.id, ACTOR, 'wrong file');
    expect(undone).toMatchObject({ restored: 1, removed: 1, refused: 3 });
    const left = await fixture.imports.preview(first.id, { undoRefused: true });
    expect(left.rows.map((entry) => [entry.line, entry.values[0]?.value, entry.undoRefusal])).toEqual([
      [2, 'T1', 'The entry was changed since.'],
      [4, 'T3', 'The entry was removed since.'],
      [5, 'T4', 'The entry was changed since.'],
    ]);
    expect((await fixture.register()).map((entry) => [entry['asset_tag'], entry['location']])).toEqual([
      ['T1', 'Town Hall'],
      ['T2', 'Depot'],
      ['T4', 'Town Hall'],
    ]);
  });

  it('does not take back a tag that another entry has by now', async () => {
    await fixture.bring(`${HEADER}T1,SER-1,,,,,\n`);
    const renamed = await fixture.bring(`${HEADER}T9,SER-1,,,,,\n`);
    await fixture.bring(`${HEADER}T1,SER-2,,,,,\n`);
    expect(await fixture.imports.undo(renamed.id, ACTOR, 'wrong file')).toMatchObject({ restored: 0, refused: 1 });
    expect((await fixture.imports.preview(renamed.id, { undoRefused: true })).rows[0]?.undoRefusal).toBe(
      'Another entry now has the earlier asset tag, serial number or machine.',
    );
  });
});
