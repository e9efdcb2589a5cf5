import { isPlaceholder } from './placeholder-values.js';

/** Words that say what kind of company it is, not which. */
const COMPANY_WORDS =
  /\b(?:incorporated|inc|corporation|corp|company|co|limited|ltd|llc|gmbh|ag|plc|pty|sa|srl|kk|group|holdings?|computers?|computing|systems?|technology|technologies|electronics|international|intl|client|global|europe)\b/g;

/** Names of one maker under which its machines report; the left is what firmware says, without company words. */
const ALIASES: Readonly<Record<string, string>> = {
  'hewlett packard': 'hp',
  hewlettpackard: 'hp',
  'hewlett packard enterprise': 'hpe',
  'dell emc': 'dell',
  alienware: 'dell',
  asustek: 'asus',
  'asustek asus': 'asus',
  'microsoft surface': 'microsoft',
  'fujitsu siemens': 'fujitsu',
  fcnt: 'fujitsu',
  'toshiba solutions': 'toshiba',
  dynabook: 'toshiba',
  matsushita: 'panasonic',
  'matsushita electric industrial': 'panasonic',
  'panasonic connect': 'panasonic',
  'micro star': 'msi',
  'micro star msi': 'msi',
  'giga byte': 'gigabyte',
  'lenovo beijing': 'lenovo',
  'lenovo product': 'lenovo',
  'samsung electro': 'samsung',
};

const known = new Map<string, string | null>();
const MOST_KNOWN = 10_000;

/**
 * One name for one manufacturer, in lower case, or null when it is unknown or a placeholder. Serves to compare the
 * makers of two records with the same serial number; what to show people is the device catalogue's business.
 */
export function manufacturerKey(manufacturer: string | null): string | null {
  if (manufacturer === null) return null;
  const before = known.get(manufacturer);
  if (before !== undefined) return before;
  if (known.size >= MOST_KNOWN) known.clear();
  const key = toKey(manufacturer);
  known.set(manufacturer, key);
  return key;
}

function toKey(manufacturer: string): string | null {
  if (isPlaceholder(manufacturer)) return null;
  const plain = squeeze(manufacturer.toLowerCase().replace(/\bo\.?e\.?m\.?\b/g, ' '));
  const name = squeeze(plain.replace(COMPANY_WORDS, ' ')) || plain;
  if (name === '') return null;
  return Object.hasOwn(ALIASES, name) ? (ALIASES[name] ?? name) : name;
}

function squeeze(text: string): string {
  return text.replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
}
