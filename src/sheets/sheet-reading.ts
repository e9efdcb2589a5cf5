import { createHash } from 'node:crypto';
import { InputError } from '../common/errors.js';
import { limitedBytes } from './file-bytes.js';
import type { ImportLimits } from './import-limits.js';
import { openSheet } from './sheet.js';
import type { SheetKind, SheetRow } from './sheet-row.js';

/** Rows that are handed on together; memory holds no more than these. */
const BATCH = 1_000;

/** What a header row means, or what is wrong with it. */
export interface ReadHeader {
  /** Sentences that say what is wrong and how to put it right; when there are any, nothing may be imported. */
  readonly problems: readonly string[];
}

/** What a file was, apart from its rows. */
export interface ReadSheet<Header extends ReadHeader> {
  readonly format: SheetKind['format'];
  /** SHA-256 of the whole file in hexadecimal. */
  readonly contentHash: string;
  readonly header: Header;
  /** Rows below the header. */
  readonly rows: number;
}

/** How the rows of a file are understood and taken. */
export interface SheetReader<Header extends ReadHeader> {
  readonly header: (cells: readonly string[]) => Header;
  /** Takes some rows, in the order of the file; the next are read only afterwards. */
  readonly take: (rows: readonly SheetRow[], header: Header, kind: SheetKind) => Promise<void>;
}

/**
 * Reads a CSV file or a workbook, its header row first and then its rows, some at a time.
 * @param source the bytes of the file
 * @throws InputError when the file as a whole cannot be read
 */
export async function readSheet<Header extends ReadHeader>(
  source: AsyncIterable<Uint8Array | string>,
  limits: ImportLimits,
  reader: SheetReader<Header>,
): Promise<ReadSheet<Header>> {
  const hash = createHash('sha256');
  const sheet = await openSheet(limitedBytes(source, limits.bytes, hash), limits);
  let rows = 0;
  try {
    const first = await sheet.rows.next();
    if (first.done) throw new InputError('The file has no header row. Put the names of the columns in its first row.');
    const header = reader.header(first.value.cells);
    refuseHeader(header);
    let batch: SheetRow[] = [];
    let lastLine = first.value.line;
    for await (const row of sheet.rows) {
      rows += 1;
      if (rows > limits.rows) {
        throw new InputError(
          `The file has more than ${limits.rows.toLocaleString('en-GB')} rows. Split it into smaller files.`,
        );
      }
      if (row.line <= lastLine)
        throw new InputError(`Row ${row.line} of the file is not in order. Save the file again.`);
      lastLine = row.line;
      batch.push(row);
      if (batch.length === BATCH) {
        await reader.take(batch, header, sheet.kind);
        batch = [];
      }
    }
    if (rows === 0) throw new InputError('The file has a header row but no rows below it.');
    if (batch.length > 0) await reader.take(batch, header, sheet.kind);
    return { format: sheet.kind.format, contentHash: hash.digest('hex'), header, rows };
  } finally {
    await sheet.rows.return();
  }
}

function refuseHeader({ problems }: ReadHeader): void {
  if (problems.length === 0) return;
  throw new InputError(
    problems[0] ?? '',
    problems.map((message) => ({ field: 'header row', message })),
  );
}
