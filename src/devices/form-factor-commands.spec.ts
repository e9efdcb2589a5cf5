import { Readable, Writable } from 'node:stream';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { InputError } from '../common/errors.js';
import { classifyCsv, explainClassification, type CsvClassificationSummary } from './form-factor-commands.js';

async function run(
  content: string | Buffer,
): Promise<{ readonly written: string; readonly summary: CsvClassificationSummary }> {
  const chunks: Buffer[] = [];
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(Buffer.from(chunk));
      done();
    },
  });
  const summary = await classifyCsv(Readable.from([content]), output);
  return { written: Buffer.concat(chunks).toString('utf8'), summary };
}

describe('explainClassification', () => {
  it('prints the reasoning', () => {
    const text = explainClassification('LENOVO', '20XW00AAUK');
    expect(text).toContain('Class         laptop');
    expect(text).toContain('Superclass    portable');
    expect(text).toMatch(/Rule {10}lenovo-/);
    expect(text).toContain('20XW');
    expect(text.endsWith('\n')).toBe(true);
  });

  it('says what to do about an unknown model', () => {
    expect(explainClassification('Unheard Maker', 'QZ-1')).toContain('model review');
    expect(explainClassification('HP', '')).toContain('(empty)');
  });

  it('keeps control characters from the terminal', () => {
    const text = explainClassification('HP\u001b[2J', 'x\u202ey');
    expect(text.includes('\u001b') || text.includes('\u202e')).toBe(false);
  });
});

describe('classifyCsv', () => {
  it('adds four columns to manufacturer and model, in the same order', async () => {
    const { written, summary } = await run(
      'serial,Model,MANUFACTURER\nS1,OptiPlex 7010,Dell Inc.\nS2,QZ-1,Unheard Maker\n',
    );
    expect(written).toBe(
      [
        'manufacturer,model,class,superclass,rule,confidence',
        'Dell Inc.,OptiPlex 7010,desktop,fixed,dell-optiplex,0.99',
        'Unheard Maker,QZ-1,unknown,unknown,no-rule,0.00',
        '',
      ].join('\n'),
    );
    expect(summary).toEqual({ rows: 2, unknown: 1 });
  });

  it('takes a byte order mark, quotes, line breaks, short rows and Windows line ends', async () => {
    const { written } = await run(
      '\ufeffmanufacturer,model\r\n"ACME, ""Inc""","two\nlines"\r\nHP\r\n\r\nHP,14" Notebook\r\n',
    );
    expect(parse(written).map((row: string[]) => row.slice(0, 2))).toEqual([
      ['manufacturer', 'model'],
      ['ACME, "Inc"', 'two\nlines'],
      ['HP', ''],
      ['HP', '14" Notebook'],
    ]);
  });

  it.each([
    ['', '"manufacturer" and "model"'],
    ['maker,model\nHP,x\n', '"manufacturer"'],
    ['manufacturer,name\nHP,x\n', '"model"'],
  ])('names the missing columns of %j', async (content, names) => {
    await expect(run(content)).rejects.toThrow(InputError);
    await expect(run(content)).rejects.toThrow(names);
  });

  it('says so if a quote is never closed', async () => {
    await expect(run('manufacturer,model\n"HP,x\n')).rejects.toThrow(/not valid CSV/);
  });

  it('gives both columns back verbatim', async () => {
    const cell = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 30 }),
      fc.constantFrom('\r', 'a\rb', ' x ', '=1+1', '\n', '"'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { maxLength: 20 }), async (rows) => {
        const file = stringify([['manufacturer', 'model'], ...rows], { quoted: true });
        const { written, summary } = await run(file);
        const read = parse(written);
        expect(read.slice(1).map((row) => row.slice(0, 2))).toEqual(rows);
        expect(summary.rows).toBe(rows.length);
      }),
      { numRuns: 60 },
    );
  });

  it('streams: many rows go through a slow reader', async () => {
    const lines = Readable.from(
      (function* () {
        yield 'manufacturer,model\n';
        for (let row = 0; row < 20_000; row += 1) yield `Dell Inc.,Latitude ${5000 + (row % 1000)}\n`;
      })(),
    );
    let bytes = 0;
    const output = new Writable({
      highWaterMark: 1024,
      write(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        setImmediate(done);
      },
    });
    expect(await classifyCsv(lines, output)).toMatchObject({ rows: 20_000 });
    expect(bytes).toBeGreaterThan(1_000_000);
  });
});
