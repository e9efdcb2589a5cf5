import { readFileSync } from 'node:fs';
import type { SettingsReader } from './settings-reader.js';

/** What makes the pages the council's own. */
export interface BrandSettings {
  /** Name of the council, such as "Wexcombe Council"; null shows the product's name alone. */
  readonly name: string | null;
  /** Colour of the header as #rrggbb, dark enough for white text. */
  readonly colour: string;
  readonly logo: BrandLogo | null;
}

/** A picture for the header. */
export interface BrandLogo {
  readonly type: 'image/svg+xml' | 'image/png';
  readonly base64: string;
}

const NEUTRAL_COLOUR = '#1d5c63';
/** Least contrast of text against its background (WCAG 2.2, success criterion 1.4.3). */
const LEAST_CONTRAST = 4.5;
const LONGEST_NAME = 60;
const LARGEST_LOGO_BYTES = 200 * 1024;
const PNG_BEGINNING = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Reads BRAND_NAME, BRAND_COLOUR and BRAND_LOGO_FILE. */
export function readBrand(reader: SettingsReader): BrandSettings {
  return { name: readName(reader), colour: readColour(reader), logo: readLogo(reader) };
}

function readName(reader: SettingsReader): string | null {
  const name = reader.text('BRAND_NAME');
  if (name !== null && (name.length > LONGEST_NAME || /[\p{Cc}\p{Cs}]/u.test(name))) {
    reader.wrong('BRAND_NAME', 'is not a name.', `Give one line of at most ${LONGEST_NAME} characters.`);
  }
  return name;
}

function readColour(reader: SettingsReader): string {
  const colour = reader.text('BRAND_COLOUR');
  if (colour === null) return NEUTRAL_COLOUR;
  if (!/^#[0-9a-f]{6}$/i.test(colour)) {
    reader.wrong('BRAND_COLOUR', 'is not a colour.', `Give it as six hexadecimal digits, such as ${NEUTRAL_COLOUR}.`);
    return NEUTRAL_COLOUR;
  }
  const contrast = contrastWithWhite(colour);
  if (contrast < LEAST_CONTRAST) {
    const shown = (Math.floor(contrast * 100) / 100).toFixed(2);
    reader.wrong(
      'BRAND_COLOUR',
      `is too light: white text on it has a contrast of ${shown}:1, and WCAG 2.2 asks for ${LEAST_CONTRAST}:1.`,
      `Give a darker one, such as ${NEUTRAL_COLOUR}.`,
    );
  }
  return colour.toLowerCase();
}

/** Contrast of a colour (#rrggbb) with white, 1 to 21 (WCAG 2.2, definitions of relative luminance and contrast ratio). */
export function contrastWithWhite(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
}

function readLogo(reader: SettingsReader): BrandLogo | null {
  const file = reader.file('BRAND_LOGO_FILE');
  if (file === null) return null;
  try {
    const content = readFileSync(file);
    const type = typeOf(content);
    if (type !== null && content.length <= LARGEST_LOGO_BYTES) return { type, base64: content.toString('base64') };
  } catch {
    // `file` has complained already.
    return null;
  }
  reader.wrong('BRAND_LOGO_FILE', 'is not a picture for the header.', 'Name an SVG or PNG of at most 200 KB.');
  return null;
}

function typeOf(content: Buffer): BrandLogo['type'] | null {
  if (content.subarray(0, PNG_BEGINNING.length).equals(PNG_BEGINNING)) return 'image/png';
  return /^\uFEFF?\s*(<\?xml[^>]*>\s*)?(<!--[^]*?-->\s*)*<svg[\s>]/.test(content.toString('utf8', 0, 4_096))
    ? 'image/svg+xml'
    : null;
}
