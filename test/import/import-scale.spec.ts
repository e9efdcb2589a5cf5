import { Readable } from 'node:stream';
import { ACTOR, openRegister, type RegisterFixture } from './register-fixture.js';

/** Rows of the measured file; the figure of the whole promise is 100,000. */
const ROWS = Number(process.env.IMPORT_SCALE_ROWS ?? 10_000);

async function* largeFile(rows: number, location: string): AsyncGenerator<string> {
  yield 'Asset Tag,Serial Number,Manufacturer,Model,Purchase Date,Cost,Supplier,Warranty End,Location,Assigned To,Notes\n';
  for (let start = 0; start < rows; start += 500) {
    let text = '';
    for (let n = start; n < Math.min(start + 500, rows); n++) {
      text += `T${n},SERIAL${n},Dell Inc.,Latitude 5450,02/01/2026,"£1,049.99",Supplier Ltd,2029-01-02,${location},person${n % 3_500}@council.gov.uk,"line one\nline two, of the notes of machine ${n}"\n`;
    }
    yield text;
  }
}

describe('a large import', () => {
  let fixture: RegisterFixture;
  beforeAll(async () => {
    fixture = await openRegister();
  });
  afterAll(() => fixture.close());

  it('streams with flat memory, in a number of statements that depends on batches only', async () => {
    await fixture.addDevices(Array.from({ length: ROWS }, (_, n) => ({ serial: `SERIAL${n}`, manufacturer: 'Dell' })));
    await fixture.addPeople(
      Array.from({ length: 3_500 }, (_, n) => ({ entraId: `p${n}`, upn: `person${n}@council.gov.uk` })),
    );
    await fixture.rows('analyze');
    let statements = 0;
    const driver = fixture.database.dataSource.driver as unknown as {
      master: { on(event: string, listener: (client: object) => void): void };
    };
    const counted = new WeakSet<object>();
    driver.master.on('acquire', (client) => {
      if (counted.has(client)) return;
      counted.add(client);
      const plain = client as { query: (...parts: unknown[]) => unknown };
      const query = plain.query.bind(plain);
      plain.query = (...parts) => {
        statements += 1;
        return query(...parts);
      };
    });

    let peak = 0;
    const start = process.memoryUsage().rss;
    const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss - start)), 20);
    const times: Record<string, number> = {};
    const timed = async <T>(name: string, work: Promise<T>): Promise<T> => {
      const began = performance.now();
      const result = await work;
      times[name] = Math.round(performance.now() - began);
      return result;
    };
    const staged = await timed(
      'stage',
      fixture.imports.stage(Readable.from(largeFile(ROWS, 'Depot')), { actor: ACTOR }),
    );
    expect(staged.counts).toEqual({ new: ROWS, changed: 0, unchanged: 0, conflict: 0, refused: 0 });
    // A batch of 1,000 rows is a transaction of four statements; comparing is a fixed number.
    expect(statements).toBeLessThan((ROWS / 1_000) * 4 + 40);

    statements = 0;
    await timed('apply', fixture.imports.apply(staged.id, ACTOR));
    const again = await timed(
      'stage again',
      fixture.imports.stage(Readable.from(largeFile(ROWS, 'Library')), { actor: ACTOR }),
    );
    expect(again.counts.changed).toBe(ROWS);
    await timed('apply changes', fixture.imports.apply(again.id, ACTOR));
    expect(await timed('undo', fixture.imports.undo(again.id, ACTOR, 'measured'))).toMatchObject({
      restored: ROWS,
      refused: 0,
    });
    clearInterval(watch);
    const [counted_] = await fixture.rows<{ entries: number; linked: number; people: number }>(
      `select count(*)::integer as entries, count(device_id)::integer as linked, count(holder_entra_id)::integer as people
       from device_register where location = 'Depot'`,
    );
    expect(counted_).toEqual({ entries: ROWS, linked: ROWS, people: ROWS });
    expect(peak).toBeLessThan(200 * 1024 * 1024);
    const measured = Object.entries(times).map(([name, milliseconds]) => `${name} ${milliseconds} ms`);
    process.stdout.write(`${ROWS} rows: ${measured.join(', ')}; memory +${Math.round(peak / 1024 / 1024)} MB\n`);
  }, 200_000);
});
