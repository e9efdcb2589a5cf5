/** Longest address and longest part before the `@` (RFC 5321, section 4.5.3.1). */
const LONGEST = 254;
const LONGEST_LOCAL = 64;
/** A dot-atom (RFC 5322, section 3.2.3): no quoted text, in which an address can hide a second one. */
const LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64})*$/;
const LABEL = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/**
 * Whether a text is one plain address of ASCII characters. Quoted local parts, comments, address literals and domains
 * of a single label are allowed by RFC 5321 and used by nobody but attackers; they are none here.
 */
export function isMailAddress(text: string): boolean {
  const at = text.lastIndexOf('@');
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)];
  if (at < 1 || text.length > LONGEST || local.length > LONGEST_LOCAL || !LOCAL.test(local)) return false;
  const labels = domain.split('.');
  return labels.length > 1 && labels.every((label) => LABEL.test(label));
}

/** The part after the `@`. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
