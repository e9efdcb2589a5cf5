import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { jest } from '@jest/globals';
import ts from 'typescript';
import { realSerial, serialKey } from '../../src/devices/domain/identity/serial-number.js';
import { classifyModel } from '../../src/devices/domain/form-factor/classify.js';
import { loadFormFactorCatalogue } from '../../src/devices/form-factor-catalogue.js';
import { searchCompact, searchPhrase } from '../../src/reports/domain/search-key.js';

jest.setTimeout(180_000);

const SOURCE = path.join(import.meta.dirname, '..', '..', 'src');
const [TINY, SHORT, HALF, WHOLE] = [40, 4_000, 25_000, 50_000];
/** A pass over 50 kB takes well under a millisecond; one that takes this long is measured again by how it grows. */
const SUSPICIOUS_MILLISECONDS = 50;
/** Doubled text takes doubled time when it is read once, and four times as long when every place is a new start. */
const LINEAR_GROWTH = 3;

/** What texts are made of, over and over; each also stands alone and in pairs with what an expression names. */
const UNITS =
  'a,A,0,_,-,., ,\t,\n,\r\n,/,\\,",\',(,[,{,<,<a ,&,=,;,:,@,*,+,é,\u0300,\u200b,\u00a0,😀,a ,0.,1 ,00,a-,-a,"",_x0,<!--,\ud800'
    .split(',')
    .concat(',');
/** What ends the text, so that nothing matches in the end. */
const ENDS = ['', '!', '\n'];

/** Expressions of the application, by their source, with a file that has each. */
function expressions(): Map<string, string> {
  const found = new Map<string, string>();
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.(ts|js|mjs)$/.test(file) && !/\.(spec|d)\.ts$/.test(file) && !file.startsWith(`demo${path.sep}`),
  );
  for (const file of files) {
    const tree = ts.createSourceFile(file, readFileSync(path.join(SOURCE, file), 'utf8'), ts.ScriptTarget.Latest);
    const visit = (node: ts.Node): void => {
      if (node.kind === ts.SyntaxKind.RegularExpressionLiteral)
        found.set((node as ts.RegularExpressionLiteral).text, file);
      ts.forEachChild(node, visit);
    };
    visit(tree);
  }
  return found;
}

/** The expression that a literal writes. */
function compiled(literal: string): RegExp {
  const end = literal.lastIndexOf('/');
  return new RegExp(literal.slice(1, end), literal.slice(end + 1));
}

/** What an expression itself names: its plain words, as they come, and what they begin with. */
function wordsOf(literal: string): { beginning: string; units: string[] } {
  const plain = literal.slice(1, literal.lastIndexOf('/')).replace(/\\[pPdDwWsSbBu](\{[^}]*\}|[0-9A-Fa-f]{4})?/g, '\0');
  const words = plain.match(/[A-Za-z0-9 :=_/<>"'.-]+/g) ?? [];
  const beginning = /^\^[\\]?([A-Za-z0-9:=_/<" -]+)/.exec(plain)?.[1] ?? '';
  return { beginning, units: [...new Set(words.filter((word) => word.length < 40))].slice(0, 8) };
}

/** Runs in a context of its own, so that an expression which would go on for ever can be stopped. */
const context = vm.createContext({ expression: /x/, texts: [] as readonly string[], now: () => performance.now() });
const measure = new vm.Script(`texts.map((text) => {
  const started = now();
  text.replace(expression, '');
  return now() - started;
})`);

/** Milliseconds that it takes to look for an expression everywhere in each text; null when that takes too long. */
function timesOf(expression: RegExp, texts: readonly string[], timeout: number): readonly number[] | null {
  Object.assign(context, { expression, texts });
  try {
    return measure.runInContext(context, { timeout }) as readonly number[];
  } catch {
    return null;
  }
}

/** Why an expression is too slow for outside text, or null. */
function slowness(literal: string): string | null {
  const expression = compiled(literal);
  const { beginning, units } = wordsOf(literal);
  const makers = [...UNITS, ...units].flatMap((unit) =>
    [...new Set(['', beginning])].flatMap((start) =>
      ENDS.map((end) => ({
        name: `${JSON.stringify(unit)} after ${JSON.stringify(start)}`,
        at: (length: number) => start + unit.repeat(Math.ceil(length / unit.length)) + end,
      })),
    ),
  );
  const first = timesOf(
    expression,
    makers.map(({ at }) => at(TINY)),
    2_000,
  );
  const second =
    first &&
    timesOf(
      expression,
      makers.map(({ at }) => at(SHORT)),
      10_000,
    );
  if (second === null) return 'never ends';
  for (const [index, { name, at }] of makers.entries()) {
    // Only what is slow on little is worth looking at with much.
    if ((second[index] ?? 0) < 1) continue;
    const least = (length: number): number => {
      const times = timesOf(expression, Array<string>(3).fill(at(length)), 5_000);
      return times === null ? Infinity : Math.min(...times);
    };
    const whole = least(WHOLE);
    if (whole < SUSPICIOUS_MILLISECONDS || whole / least(HALF) < LINEAR_GROWTH) continue;
    return `${name}: ${Math.round(whole)} ms for 50 kB`;
  }
  return null;
}

describe('V-49: regular expressions', () => {
  const found = expressions();

  it('are found in the source', () => expect(found.size).toBeGreaterThan(100));

  it('are known to be slow when they are', () => {
    expect(slowness(String.raw`/\s*x$/`)).not.toBeNull();
    expect(slowness(String.raw`/^(a+)+$/`)).not.toBeNull();
    expect(slowness(String.raw`/^[a-z]+$/`)).toBeNull();
  });

  it('take a time that grows with the text and no faster', () => {
    const slow = [...found].flatMap(([literal, file]) => {
      const why = slowness(literal);
      return why === null ? [] : [`${file}: ${literal}: ${why}`];
    });
    expect(slow).toEqual([]);
  });

  const catalogue = loadFormFactorCatalogue();
  it.each<[string, (text: string) => unknown]>([
    ['the manufacturer of a model', (text) => classifyModel(catalogue, text, 'Latitude 5420')],
    ['the name of a Dell', (text) => classifyModel(catalogue, 'Dell Inc.', text)],
    ['the name of a Lenovo', (text) => classifyModel(catalogue, 'LENOVO', text)],
    ['a serial number', (text) => [serialKey(text), realSerial(text)]],
    ['what is searched for', (text) => [searchPhrase(text), searchCompact(text)]],
  ])('that are put together from parts take no longer for %s', (_what, read) => {
    const least = (text: string): number =>
      Math.min(
        ...[1, 2, 3].map(() => {
          const started = performance.now();
          read(text);
          return performance.now() - started;
        }),
      );
    for (const unit of [...UNITS, 'LATITUDE ', 'THINKPAD X1 ', '20XW ']) {
      const text = (length: number): string => `${unit.repeat(Math.ceil(length / unit.length))}!`;
      const whole = least(text(WHOLE));
      const grows = whole < SUSPICIOUS_MILLISECONDS ? 0 : whole / least(text(HALF));
      expect([unit, grows < LINEAR_GROWTH, Math.round(whole)]).toEqual([unit, true, Math.round(whole)]);
    }
  });
});
