import { InputError } from '../common/errors.js';

/** Encodings that a file may have: UTF-8, or UTF-16 when its byte order mark says so. */
type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

function encodingOf(start: Buffer): Encoding {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

const SAVE_AS_UTF8 = 'In Excel choose File, Save As, "CSV UTF-8 (Comma delimited)" and send that file.';

/** Throws when the first bytes are those of something that is not text, such as a picture. */
function refuseBinary(start: Buffer, encoding: Encoding): void {
  if (encoding !== 'utf-8') return;
  const sample = start.subarray(0, 4_096);
  if (sample.includes(0) && sample[0] !== 0 && sample.filter((byte) => byte === 0).length * 3 > sample.length) {
    throw new InputError(`The file is UTF-16 without a byte order mark. ${SAVE_AS_UTF8}`);
  }
  const controls = sample.filter((byte) => byte < 9 || (byte > 13 && byte < 32)).length;
  const isPicture = sample[0] === 0x89 || sample.subarray(0, 2).equals(Buffer.from([0xff, 0xd8]));
  if (isPicture || sample.subarray(0, 4).equals(Buffer.from('%PDF')) || controls * 20 > sample.length) {
    throw new InputError('The file is not text. Send a CSV file or an Excel workbook (.xlsx).');
  }
}

/**
 * Decodes a text file strictly: bytes that its encoding does not allow end the reading with the line they stand on and
 * the way to save the file again. The byte order mark is dropped.
 * @param start the first bytes of `bytes`
 */
export async function* decodeText(
  start: Buffer,
  bytes: AsyncIterable<Buffer>,
): AsyncGenerator<string, void, undefined> {
  const encoding = encodingOf(start);
  refuseBinary(start, encoding);
  const decoder = new TextDecoder(encoding, { fatal: true });
  let lines = 1;
  for await (const chunk of bytes) {
    const text = decodeStrictly(decoder, chunk, lines);
    if (text === '') continue;
    yield text;
    lines += lineEnds(text);
  }
  const rest = decodeStrictly(decoder, null, lines);
  if (rest !== '') yield rest;
}

/** @param chunk the next bytes; null at the end, where half a character may be left */
function decodeStrictly(decoder: TextDecoder, chunk: Buffer | null, lines: number): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch {
    // The only error of a strict decoder: bytes that its encoding does not allow.
    const text = chunk ? new TextDecoder(decoder.encoding).decode(chunk) : '';
    const line = lines + lineEnds(text.slice(0, Math.max(text.indexOf('\uFFFD', 1), 0)));
    const likely = decoder.encoding === 'utf-8' ? ' It is probably Windows-1252, the old encoding of Excel.' : '';
    throw new InputError(
      `The file is not ${decoder.encoding.toUpperCase()} from line ${line} on.${likely} ${SAVE_AS_UTF8}`,
    );
  }
}

function lineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
