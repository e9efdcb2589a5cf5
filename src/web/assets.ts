import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { BrandSettings } from '../config/brand.js';

/** A file that pages refer to. */
export interface Asset {
  readonly type: string;
  readonly content: Buffer;
}

/** Everything that pages load, and the address prefix that changes whenever any of it does. */
export interface Assets {
  /** Address of a file by its name. */
  url(name: string): string;
  /** The file behind an address; null when there is none. */
  find(version: string, name: string): Asset | null;
}

/** Folder of GOV.UK Frontend: its styles, its script and, below `govuk/`, its templates. */
export const GOVUK_FRONTEND = path.join(
  path.dirname(createRequire(import.meta.url).resolve('govuk-frontend/package.json')),
  'dist',
);
const OWN = path.join(import.meta.dirname, 'assets');

/**
 * GOV.UK Frontend's styles without the GDS Transport font, which only services on GOV.UK may use, and without the
 * royal crest; Arial, the font that the styles name next, takes over.
 */
export function councilStyles(govukStyles: string): string {
  return govukStyles
    .replace(/@font-face\{[^}]*\}/g, '')
    .replaceAll('GDS Transport,', '')
    .replace(/url\(\/assets\/images\/govuk-crest\.svg\)/g, 'none')
    .replace(/\/\*# sourceMappingURL=.*?\*\//g, '');
}

/** The council's colour and logo as files. */
function brandFiles({
  colour,
  logo,
}: BrandSettings): Readonly<Record<string, readonly [type: string, content: string | Buffer]>> {
  const styles = `:root { --govuk-brand-colour: ${colour}; --untether-brand-colour: ${colour}; }\n`;
  return {
    'brand.css': ['text/css; charset=utf-8', styles],
    ...(logo === null ? {} : { logo: [logo.type, Buffer.from(logo.base64, 'base64')] as const }),
  };
}

/** Reads all files once; they are a few hundred kilobytes. */
export function loadAssets(brand: BrandSettings): Assets {
  const govuk = (file: string): string => readFileSync(path.join(GOVUK_FRONTEND, 'govuk', file), 'utf8');
  const own = (file: string): string => readFileSync(path.join(OWN, file), 'utf8');
  const script = 'text/javascript; charset=utf-8';
  const style = 'text/css; charset=utf-8';
  const files: Readonly<Record<string, readonly [type: string, content: string | Buffer]>> = {
    'govuk-frontend.css': [style, councilStyles(govuk('govuk-frontend.min.css'))],
    'govuk-frontend.js': [script, govuk('govuk-frontend.min.js').replace(/\/\/# sourceMappingURL=.*/g, '')],
    'untether.css': [style, own('untether.css')],
    'untether.js': [script, own('untether.js')],
    'progress.js': [script, own('progress.js')],
    'search-box.js': [script, own('search-box.js')],
    'connection-check.js': [script, own('connection-check.js')],
    'connection-measurement.js': [script, own('connection-measurement.js')],
    'icon.svg': ['image/svg+xml', own('icon.svg')],
    ...brandFiles(brand),
  };
  const hash = createHash('sha256');
  for (const [name, [, content]] of Object.entries(files)) hash.update(name).update(content);
  const current = hash.digest('hex').slice(0, 16);
  const assets = new Map(
    Object.entries(files).map(([name, [type, content]]) => [name, { type, content: Buffer.from(content) }]),
  );
  return {
    url: (name) => {
      if (!assets.has(name)) throw new Error(`No page file is called ${name}.`);
      return `/assets/${current}/${name}`;
    },
    // An address of an older version may come from a page that was open during an upgrade; the new file serves it.
    find: (version, name) => (/^[0-9a-f]{16}$/.test(version) ? (assets.get(name) ?? null) : null),
  };
}
