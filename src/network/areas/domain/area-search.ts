/** Outward code, and the inward code of a whole postcode (BS 7666-2). */
const POSTCODE = /^([A-Z]{1,2}\d[A-Z\d]?) ?\d[A-Z]{2}$/;

/** What somebody who types this means: the beginning of a code, or part of a name. Of a whole postcode only its district. */
export function areaSearch(typed: string): { readonly code: string; readonly name: string } {
  const name = typed.trim();
  const code = name.toUpperCase();
  const district = POSTCODE.exec(code)?.[1];
  return district === undefined ? { code, name } : { code: district, name: district };
}
