import { Readable } from 'node:stream';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { csvCell, csvChunks, unescapeCsvText } from './csv.js';

async function write(cells: readonly string[]): Promise<string> {
  let text = '';
  for await (const chunk of csvChunks(
    cells.map((cell) => ({ cell })),
    [{ header: 'cell', value: (row) => row.cell }],
  )) {
    text += chunk;
  }
  return text;
}

function read(text: string): string[] {
  const rows: string[][] = parse(text, { bom: true, record_delimiter: '\r\n' });
  return rows.slice(1).map((row) => row[0] ?? '');
}

const DANGEROUS = [
  ...['=1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', ' =1', '\u00A0=1', '\0=1', '\u200B=1', '\uFEFF=1'],
  ...['＝1', '＋1', '－1', '＠1', '"=1', ';=1', ',=1', '−1', '\tplain', "'=1", "''=1", '\u00AD=1', '\u3000＝1'],
  ...['=HYPERLINK("http://evil")', "=cmd|' /C calc'!A0"],
];

describe('formula-safe CSV', () => {
  it.each(DANGEROUS)('puts an apostrophe in front of %j, and it can be taken away again', async (text) => {
    const [cell] = read(await write([text]));
    expect(cell).toBe(`'${text}`);
    expect(unescapeCsvText(cell ?? '')).toBe(text);
  });

  it.each(['Latitude 5450', 'a=b', 'O’Brien', "'quoted'", '3-4', '', 'co-op', '00012345', '<script>'])(
    'leaves %j as it is',
    (text) => expect(csvCell(text)).toBe(text),
  );

  it('quotes separators of every locale, quotes and line ends', () => {
    expect(csvCell('a,b')).toBe('"a,b"');
    expect(csvCell('a;b')).toBe('"a;b"');
    expect(csvCell('a\tb')).toBe('"a\tb"');
    expect(csvCell('say "so"')).toBe('"say ""so"""');
    expect(csvCell('two\r\nlines')).toBe('"two\r\nlines"');
  });

  it('keeps plain numbers and telephone numbers in columns declared so, and nothing else', () => {
    expect(csvCell('-5', 'number')).toBe('-5');
    expect(csvCell('-1,234.50', 'number')).toBe('"-1,234.50"');
    expect(csvCell('-5+cmd', 'number')).toBe("'-5+cmd");
    expect(csvCell('+44 20 7946 0018', 'telephone')).toBe('+44 20 7946 0018');
    expect(csvCell('+44 (0)20 7946 0018', 'telephone')).toBe('+44 (0)20 7946 0018');
    expect(csvCell('+44+1', 'telephone')).toBe("'+44+1");
    expect(csvCell('+44(0)2079460018', 'telephone')).toBe('+44(0)2079460018');
    // Short enough to be looked at, and not a number in the end.
    expect(csvCell(`+${'0'.repeat(38)}!`, 'telephone')).toBe(`'+${'0'.repeat(38)}!`);
    expect(csvCell('-5')).toBe("'-5");
  });

  it('writes values that are not text plainly', () => {
    expect([null, undefined, -5, 7n, true].map((value) => csvCell(value))).toEqual(['', '', '-5', '7', 'true']);
    expect(csvCell(new Date('2026-01-02T03:04:05Z'))).toBe('2026-01-02T03:04:05.000Z');
  });

  it('has a byte order mark, a header row and CRLF line ends, also without rows', async () => {
    expect(await write(['a'])).toBe('\uFEFFcell\r\na\r\n');
    expect(await write([])).toBe('\uFEFFcell\r\n');
  });

  it('makes the header safe too', async () => {
    const chunks = csvChunks([{}], [{ header: '=1', value: () => 'x' }]);
    expect((await chunks.next()).value).toBe("\uFEFF'=1\r\nx\r\n");
  });

  it('gives any text back, and never lets one start with a formula', async () => {
    const lead = fc.constantFrom(
      "'",
      '=',
      '+',
      '-',
      '@',
      ' ',
      '\t',
      '\r',
      '\n',
      '\0',
      '\u200B',
      '＝',
      '"',
      ';',
      ',',
      'a',
      '1',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(lead, { maxLength: 6 }).map((parts) => parts.join('')),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 5 }), async (texts) => {
        const cells = read(await write([...texts, 'last']));
        // A row of one empty cell is an empty line, which parsers skip or keep as they like.
        expect(cells.filter((cell) => cell !== '').map(unescapeCsvText)).toEqual(
          [...texts, 'last'].filter((each) => each !== ''),
        );
        for (const cell of cells) expect(cell).not.toMatch(/^[\s\0\u200B]*[=+\-@＝]/);
      }),
      { numRuns: 300 },
    );
  });

  it('does not become slow on long hostile cells', () => {
    const started = performance.now();
    for (const unit of [' ', "'", ';', '1', '1,', '+1 ', '\u200B']) {
      for (const type of ['text', 'number', 'telephone'] as const) csvCell(unit.repeat(50_000), type);
    }
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('streams 200,000 rows with flat memory, and ends the rows when the reader leaves', async () => {
    let made = 0;
    let ended = false;
    async function* rows() {
      try {
        for (; made < 200_000; made++) yield { tag: `T${made}`, model: 'Latitude 5450' };
      } finally {
        ended = true;
      }
    }
    const columns = [
      { header: 'Asset tag', value: (row: { tag: string }) => row.tag },
      { header: 'Model', value: (row: { model: string }) => row.model },
    ];
    const before = process.memoryUsage().rss;
    let bytes = 0;
    for await (const chunk of Readable.from(csvChunks(rows(), columns))) bytes += Buffer.byteLength(chunk as string);
    expect(bytes).toBeGreaterThan(4_000_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
    expect([made, ended]).toEqual([200_000, true]);

    [made, ended] = [0, false];
    const stream = Readable.from(csvChunks(rows(), columns));
    await new Promise((resolve) => stream.once('data', resolve));
    stream.destroy();
    await new Promise((resolve) => stream.once('close', resolve));
    expect(ended).toBe(true);
    expect(made).toBeLessThan(200_000);
  });
});
