import { isIP } from 'node:net';
import { InputError } from '../../common/errors.js';

/** Shortest prefixes: the largest network that anybody has is a /8 of IPv4; a site has no more than a /16 of IPv6. */
const SHORTEST = { 4: 8, 6: 16 } as const;
const LONGEST = { 4: 32, 6: 128 } as const;

/**
 * A range as somebody typed it, such as `10.1.0.0/16`, `203.0.113.7` or `2001:db8::/48`, in the form that Postgres reads.
 * Whether its host bits are zero is not looked at.
 * @throws InputError on the field `network`
 */
export function rangeText(typed: string): string {
  const [address = '', prefix, ...more] = typed.trim().split('/');
  const family = isIP(address);
  if ((family !== 4 && family !== 6) || address.includes('%') || more.length > 0) {
    throw wrongRange('Enter a range such as 10.1.0.0/16, or an address such as 203.0.113.7');
  }
  const [shortest, longest] = [SHORTEST[family], LONGEST[family]];
  const length = prefix === undefined ? longest : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
  if (length < shortest || length > longest) {
    throw wrongRange(`Enter a number from ${shortest} to ${longest} after the slash`);
  }
  return `${address}/${length}`;
}

/** The refusal of a range, beside its field. */
export function wrongRange(message: string): InputError {
  return new InputError(`${message}.`, [{ field: 'network', message }]);
}
