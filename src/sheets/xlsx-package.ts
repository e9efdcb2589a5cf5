import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { InputError } from '../common/errors.js';

/** A workbook has some dozens of parts; thousands are an attack on whoever lists them. */
const MOST_PARTS = 2_000;

export const UNREADABLE_WORKBOOK =
  'The file is a zip file that cannot be read as an Excel workbook. Open it in Excel, save it as .xlsx or as "CSV UTF-8" and send that.';

/**
 * The parts of an Excel workbook, which is a zip file (ECMA-376 part 2). It is kept in a private temporary file while it is
 * read, because the directory of a zip file stands at its end. Unpacking ends at the size that the directory declares, and
 * declared sizes are counted against a limit, so that a small file cannot unpack to a huge one.
 */
export class XlsxPackage {
  #unpacked = 0;

  private constructor(
    private readonly folder: string,
    private readonly zip: ZipFile,
    private readonly parts: ReadonlyMap<string, Entry>,
    private readonly unpackedLimit: number,
  ) {}

  /** @throws InputError when the bytes are no readable zip file */
  static async open(bytes: AsyncGenerator<Buffer, void, undefined>, unpackedLimit: number): Promise<XlsxPackage> {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'untether-import-'));
    let zip: ZipFile | null = null;
    try {
      const file = path.join(folder, 'workbook');
      await pipeline(bytes, createWriteStream(file, { mode: 0o600 }));
      zip = await openPromise(file, { autoClose: false, lazyEntries: true }).catch(unreadable);
      if (zip.entryCount > MOST_PARTS) throw new InputError(UNREADABLE_WORKBOOK);
      const parts = new Map<string, Entry>();
      try {
        for await (const entry of zip.eachEntry()) parts.set(entry.fileName.toLowerCase(), entry);
      } catch (error) {
        unreadable(error);
      }
      return new XlsxPackage(folder, zip, parts, unpackedLimit);
    } catch (error) {
      zip?.close();
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  has(part: string): boolean {
    return this.parts.has(part.toLowerCase());
  }

  /**
   * The text of one part, piece by piece.
   * @throws InputError when there is no such part, it is damaged or it is too large
   */
  async *text(part: string, limit = this.unpackedLimit): AsyncGenerator<string, void, undefined> {
    const entry = this.parts.get(part.toLowerCase());
    if (!entry || entry.isEncrypted()) throw new InputError(UNREADABLE_WORKBOOK);
    this.#unpacked += entry.uncompressedSize;
    if (entry.uncompressedSize > limit || this.#unpacked > this.unpackedLimit) {
      throw new InputError(
        'The workbook unpacks to too much data. Save the sheet as "CSV UTF-8" and send that.',
        [],
        413,
      );
    }
    const decoder = new TextDecoder('utf-8', { fatal: true });
    try {
      const stream = await this.zip.openReadStreamPromise(entry);
      for await (const chunk of stream) yield decoder.decode(chunk as Buffer, { stream: true });
      yield decoder.decode();
    } catch (error) {
      unreadable(error);
    }
  }

  async close(): Promise<void> {
    this.zip.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A damaged file is the sender's; a full disk or an unreadable folder is ours. */
function unreadable(error: unknown): never {
  const { code } = error as { code?: unknown };
  if (error instanceof InputError || (typeof code === 'string' && /^E[A-Z]+$/.test(code))) throw error;
  throw new InputError(UNREADABLE_WORKBOOK);
}
