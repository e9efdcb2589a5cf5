import { InputError } from './errors.js';

/** The kinds of file that may be kept as evidence; nothing that a browser would run. */
export const EVIDENCE_TYPES = ['application/pdf', 'image/png', 'image/jpeg', 'text/plain', 'text/csv'] as const;
export type EvidenceType = (typeof EVIDENCE_TYPES)[number];

/** A file as it was sent. */
export interface SentFile {
  readonly name: string;
  readonly mediaType: string;
  readonly content: Buffer;
}

/** A file as it is kept. */
export interface EvidenceFile {
  readonly fileName: string;
  readonly mediaType: EvidenceType;
  readonly content: Buffer;
}

/** Largest file, in bytes. */
export const LARGEST_EVIDENCE = 10 * 1024 * 1024;
const LONGEST_NAME = 200;

const ENDINGS: Readonly<Record<EvidenceType, readonly string[]>> = {
  'application/pdf': ['pdf'],
  'image/png': ['png'],
  'image/jpeg': ['jpg', 'jpeg'],
  'text/plain': ['txt'],
  'text/csv': ['csv'],
};
/** First bytes of each type: ISO 32000 (PDF), PNG (ISO/IEC 15948), JPEG (ISO/IEC 10918). */
const SIGNATURES: Readonly<Partial<Record<EvidenceType, readonly number[]>>> = {
  'application/pdf': [0x25, 0x50, 0x44, 0x46, 0x2d],
  'image/png': [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  'image/jpeg': [0xff, 0xd8, 0xff],
};

/**
 * A sent file as it may be kept.
 * @throws InputError for a kind of file that is not taken (415), one that is too large (413) and one that is not what it
 * says (422), on the field `file`
 */
export function evidenceIn(file: SentFile): EvidenceFile {
  const type = evidenceType(file.mediaType);
  if (type === null) {
    const message = `Send a file of one of these types: ${EVIDENCE_TYPES.join(', ')}.`;
    throw new InputError(message, [{ field: 'file', message }], 415);
  }
  const problem = evidenceProblem(type, file.content);
  if (problem !== null) {
    const status = file.content.length > LARGEST_EVIDENCE ? 413 : 422;
    throw new InputError(problem, [{ field: 'file', message: problem }], status);
  }
  return { fileName: shownFileName(file.name, type), mediaType: type, content: file.content };
}

/** A media type as it is sent, without its parameters, when files of it are taken. */
export function evidenceType(sent: string): EvidenceType | null {
  const plain = sent.split(';', 1)[0]?.trim().toLowerCase();
  return EVIDENCE_TYPES.find((type) => type === plain) ?? null;
}

/** Why a file is not taken for what it says it is; null when it is. */
export function evidenceProblem(type: EvidenceType, content: Uint8Array): string | null {
  if (content.length === 0) return 'The file is empty.';
  if (content.length > LARGEST_EVIDENCE) return `The file is larger than ${LARGEST_EVIDENCE / 1024 / 1024} MB.`;
  const signature = SIGNATURES[type];
  if (signature) {
    return signature.every((byte, index) => content[index] === byte)
      ? null
      : `The file does not begin as a file of the type ${type} does.`;
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content);
    return text.includes('\0') ? 'The file is not a text.' : null;
  } catch {
    return 'The text is not UTF-8. Save it again as UTF-8.';
  }
}

/**
 * A name to show for a file: the last part of what was sent, without anything that a path, a header or a screen could
 * stumble over, and with an ending that fits its type.
 */
export function shownFileName(sent: string, type: EvidenceType): string {
  const last = sent.split(/[\\/]/).at(-1) ?? '';
  const name = [...last.replace(/[\p{C}"<>|:*?;%]/gu, '').trim()].slice(0, LONGEST_NAME).join('').replace(/^\.+/, '');
  const [ending = 'txt'] = ENDINGS[type];
  const plain = name === '' ? 'evidence' : name;
  return ENDINGS[type].some((known) => plain.toLowerCase().endsWith(`.${known}`)) ? plain : `${plain}.${ending}`;
}
