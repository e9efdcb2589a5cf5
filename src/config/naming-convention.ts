/** A beginning of hostnames and the class of machine that the organisation gives such names to. */
export interface NamingPrefix {
  readonly prefix: string;
  /** One of `NAMED_CLASSES`. */
  readonly formFactor: NamedClass;
}

/** Classes that a hostname may stand for; the words are those of `devices/domain/form-factor/form-factor.ts`. */
export const NAMED_CLASSES = [
  'desktop',
  'all_in_one',
  'mini_pc',
  'laptop',
  'convertible',
  'tablet',
  'phone',
  'thin_client',
  'workstation_fixed',
  'workstation_mobile',
  'virtual',
  'server',
  'appliance',
] as const;
export type NamedClass = (typeof NAMED_CLASSES)[number];

/** Reads `LT-=laptop, DT-=desktop`; null when it is not of that form. */
export function parseNamingConvention(text: string): NamingPrefix[] | null {
  const prefixes: NamingPrefix[] = [];
  for (const part of text.split(',')) {
    const [, prefix, word] = /^\s*([A-Za-z0-9_-]{1,20})\s*=\s*([a-z_]+)\s*$/.exec(part) ?? [];
    const formFactor = NAMED_CLASSES.find((known) => known === word);
    if (prefix === undefined || formFactor === undefined) return null;
    prefixes.push({ prefix, formFactor });
  }
  return prefixes;
}
