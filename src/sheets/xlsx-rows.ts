import { InputError } from '../common/errors.js';
import type { SheetRow } from './sheet-row.js';
import { MOST_COLUMNS } from './header-row.js';
import { xmlEvents, type XmlHandler } from './xml-events.js';
import { UNREADABLE_WORKBOOK, type XlsxPackage } from './xlsx-package.js';

/** Bytes of shared texts at the most: they are the one thing of a workbook that has to be held in memory. */
const MOST_SHARED_TEXT = 128 * 1024 * 1024;
const DIRECTORY_PART = 16 * 1024 * 1024;

/** Where the rows of a workbook are, and how it counts days. */
export interface Workbook {
  readonly sheetPart: string;
  readonly counts1904: boolean;
}

async function readAll(xlsx: XlsxPackage, part: string, limit: number, handler: XmlHandler): Promise<void> {
  const events = xmlEvents(xlsx.text(part, limit), handler, UNREADABLE_WORKBOOK);
  while (!(await events.next()).done) continue;
}

/** Finds the first visible sheet (ECMA-376 part 1, 18.2). @throws InputError when the workbook has none */
export async function readWorkbook(xlsx: XlsxPackage): Promise<Workbook> {
  let relation: string | undefined;
  let counts1904 = false;
  await readAll(xlsx, 'xl/workbook.xml', DIRECTORY_PART, {
    open(name, attributes) {
      if (name === 'workbookPr') counts1904 = ['1', 'true'].includes(attributes['date1904'] ?? '');
      const isVisible = (attributes['state'] ?? 'visible') === 'visible';
      if (name === 'sheet' && isVisible) relation ??= attributes['r:id'] ?? attributes['id'];
    },
  });
  let target: string | undefined;
  await readAll(xlsx, 'xl/_rels/workbook.xml.rels', DIRECTORY_PART, {
    open(name, attributes) {
      if (name === 'Relationship' && attributes['Id'] === relation) target = attributes['Target'];
    },
  });
  if (relation === undefined || target === undefined) throw new InputError(UNREADABLE_WORKBOOK);
  return { sheetPart: target.startsWith('/') ? target.slice(1) : `xl/${target}`, counts1904 };
}

/** Texts are collected from `t` elements, but for those that only say how a text is pronounced. */
class TextCollector {
  text = '';
  #inText = false;
  #inPhonetic = false;

  open(name: string): void {
    if (name === 'rPh') this.#inPhonetic = true;
    this.#inText = name === 't' && !this.#inPhonetic;
  }

  add(piece: string): void {
    if (this.#inText) this.text += piece;
  }

  close(name: string): void {
    if (name === 'rPh') this.#inPhonetic = false;
    if (name === 't') this.#inText = false;
  }

  take(): string {
    const text = unescape(this.text);
    this.text = '';
    return text;
  }
}

/** Characters that XML cannot hold stand as _x000D_ (ECMA-376 part 1, 22.4.2.4). */
function unescape(text: string): string {
  return text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    : text;
}

/** The texts that cells refer to by number (ECMA-376 part 1, 18.4). */
export async function readSharedTexts(xlsx: XlsxPackage): Promise<readonly string[]> {
  const texts: string[] = [];
  if (!xlsx.has('xl/sharedStrings.xml')) return texts;
  const collector = new TextCollector();
  await readAll(xlsx, 'xl/sharedStrings.xml', MOST_SHARED_TEXT, {
    open: (name) => collector.open(name),
    text: (piece) => collector.add(piece),
    close(name) {
      collector.close(name);
      if (name === 'si') texts.push(collector.take());
    },
  });
  return texts;
}

/** Position of a cell from its reference: `B2` is 1; -1 when there is none. */
function columnOf(reference: string): number {
  const letters = /^[A-Z]{1,3}/.exec(reference)?.[0] ?? '';
  return [...letters].reduce((index, letter) => index * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

/** Gathers rows from the events of a sheet (ECMA-376 part 1, 18.3). */
class RowCollector implements XmlHandler {
  #rows: SheetRow[] = [];
  readonly #inline = new TextCollector();
  #line = 0;
  #characters = 0;
  #cells: string[] = [];
  #numbers = new Set<number>();
  #column = -1;
  #type = 'n';
  #value = '';
  #inValue = false;

  constructor(
    private readonly shared: readonly string[],
    private readonly rowCharacters: number,
  ) {}

  /** The rows that were completed since the last call. */
  take(): SheetRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'row') {
      this.#line = Number(attributes['r'] ?? this.#line + 1);
      if (!Number.isSafeInteger(this.#line) || this.#line < 1 || this.#line > 1_048_576)
        throw new InputError(UNREADABLE_WORKBOOK);
      [this.#cells, this.#numbers, this.#column, this.#characters] = [[], new Set(), -1, 0];
    } else if (name === 'c') {
      const reference = attributes['r'];
      this.#column = reference === undefined ? this.#column + 1 : columnOf(reference);
      [this.#type, this.#value] = [attributes['t'] ?? 'n', ''];
    } else if (name === 'v') this.#inValue = true;
    this.#inline.open(name);
  }

  text(piece: string): void {
    this.#characters += piece.length;
    if (this.#characters > this.rowCharacters)
      throw new InputError(`Row ${this.#line} of the sheet is too long. Shorten its cells.`);
    if (this.#inValue) this.#value += piece;
    else this.#inline.add(piece);
  }

  close(name: string): void {
    this.#inline.close(name);
    if (name === 'v') this.#inValue = false;
    else if (name === 'c') this.#keepCell();
    else if (name === 'row' && this.#cells.some((cell) => cell !== '')) {
      this.#rows.push({
        line: this.#line,
        cells: Array.from(this.#cells, (cell) => cell ?? ''),
        numbers: this.#numbers,
      });
    }
  }

  #keepCell(): void {
    const inline = this.#inline.take();
    const value = this.#type === 'inlineStr' ? inline : this.#typed(this.#value);
    if (value === '') return;
    if (this.#column < 0 || this.#column > MOST_COLUMNS + 100) {
      throw new InputError(
        `Row ${this.#line} of the sheet has a cell far to the right. Remove everything but the table.`,
      );
    }
    this.#cells[this.#column] = value;
    if (this.#type === 'n') this.#numbers.add(this.#column);
  }

  /** The value that the workbook stores; a formula is never evaluated, its last result is what stands there. */
  #typed(value: string): string {
    if (this.#type === 's') return this.shared[Number(value)] ?? '';
    if (this.#type === 'b') return value === '1' ? 'TRUE' : 'FALSE';
    return this.#type === 'str' ? unescape(value) : value;
  }
}

/** The rows of the first visible sheet, one at a time; rows without a value are left out. Closes the package at the end. */
export async function* xlsxRows(
  xlsx: XlsxPackage,
  workbook: Workbook,
  rowCharacters: number,
): AsyncGenerator<SheetRow, void, undefined> {
  try {
    const collector = new RowCollector(await readSharedTexts(xlsx), rowCharacters);
    const events = xmlEvents(xlsx.text(workbook.sheetPart), collector, UNREADABLE_WORKBOOK);
    try {
      while (!(await events.next()).done) yield* collector.take();
    } finally {
      await events.return();
    }
  } finally {
    await xlsx.close();
  }
}
