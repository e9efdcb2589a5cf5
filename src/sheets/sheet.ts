import { InputError } from '../common/errors.js';
import { csvRows } from './csv-rows.js';
import type { SheetKind, SheetRow } from './sheet-row.js';
import { peek } from './file-bytes.js';
import { decodeText } from './file-text.js';
import type { ImportLimits } from './import-limits.js';
import { XlsxPackage } from './xlsx-package.js';
import { readWorkbook, xlsxRows } from './xlsx-rows.js';

/** A file that was opened: what it is, and its rows with the header row first. */
export interface Sheet {
  readonly kind: SheetKind;
  readonly rows: AsyncGenerator<SheetRow, void, undefined>;
}

const SNIFFED_BYTES = 4_096;
const ZIP = Buffer.from('PK');
/** Old binary Office files (MS-CFB, 2.2). */
const COMPOUND_FILE = Buffer.from([0xd0, 0xcf, 0x11, 0xe0]);

/**
 * Opens a CSV file or an Excel workbook; which of them it is, its first bytes say, never its name or declared type.
 * @throws InputError when it is neither
 */
export async function openSheet(bytes: AsyncGenerator<Buffer, void, undefined>, limits: ImportLimits): Promise<Sheet> {
  const file = await peek(bytes, SNIFFED_BYTES);
  if (file.start.length === 0)
    throw new InputError('The file is empty. Send a file with a header row and rows below it.');
  if (file.start.subarray(0, 4).equals(COMPOUND_FILE)) {
    throw new InputError(
      'The file is an old (.xls) or an encrypted workbook. Save it as .xlsx without a password, or as "CSV UTF-8".',
    );
  }
  if (file.start.subarray(0, 2).equals(ZIP)) return openWorkbook(file.bytes, limits);
  return {
    kind: { format: 'csv', counts1904: false },
    rows: csvRows(decodeText(file.start, file.bytes), limits.rowCharacters),
  };
}

async function openWorkbook(bytes: AsyncGenerator<Buffer, void, undefined>, limits: ImportLimits): Promise<Sheet> {
  const xlsx = await XlsxPackage.open(bytes, limits.unpackedBytes);
  try {
    const workbook = await readWorkbook(xlsx);
    return {
      kind: { format: 'xlsx', counts1904: workbook.counts1904 },
      rows: xlsxRows(xlsx, workbook, limits.rowCharacters),
    };
  } catch (error) {
    await xlsx.close();
    throw error;
  }
}
