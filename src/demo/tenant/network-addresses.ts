import { HOME_BASED, SITES, type Site } from './organisation.js';

/**
 * Addresses of the invented council. Inside it uses private ones (RFC 1918), outside those that are kept for
 * documentation (RFC 5737): none of them leads anywhere.
 */
export interface SiteAddresses {
  /** What machines have at the site. */
  readonly subnet: string;
  /** The one with which the site appears outside. */
  readonly egress: string;
}

/** Pool of the gateway for remote access. */
export const REMOTE_ACCESS_POOL = '10.250.0.0/16';
/** With which every site appears outside that has no break-out of its own. */
export const SHARED_EGRESS = '198.51.100.1';

/** Codes of the sites whose traffic leaves through a line of their own; the others go through the town hall. */
const OWN_BREAK_OUT: readonly string[] = ['TWH', 'AIR', 'CSC', 'CAL', 'NFD', 'KMB'];

/** The addresses of a site; null for those who work at home. */
export function addressesOf(site: Site): SiteAddresses | null {
  const index = SITES.indexOf(site);
  if (site === HOME_BASED || index < 0) return null;
  return {
    subnet: `10.${20 + index}.0.0/16`,
    egress: OWN_BREAK_OUT.includes(site.code) ? `203.0.113.${index}` : SHARED_EGRESS,
  };
}
