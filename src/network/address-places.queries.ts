import { isIP } from 'node:net';
import type { EntityManager } from 'typeorm';
import type { Place } from './domain/network-words.js';

/** SQL expressions of what is known of where somebody was; type `inet` but for `tunnel`. `null` where nothing is known. */
export interface AddressExpressions {
  /** Whether the machine was connected through a VPN’s adapter; type `boolean`. */
  readonly tunnel: string;
  /** The machine’s own address. */
  readonly local: string;
  /** Its subnet, as the machine states it. */
  readonly subnet: string;
  /** The address under which it shows on the internet. */
  readonly public: string;
}

/** Where an address is. */
export interface AddressPlace {
  readonly place: Place;
  /** Only for an office, and there only when the ranges tell which. */
  readonly siteId: number | null;
  readonly siteName: string | null;
}

const NOWHERE: AddressPlace = { place: 'unknown', siteId: null, siteName: null };

/**
 * Addresses that nobody has on the internet: private, shared, local and reserved ones (IANA special-purpose address
 * registries, RFC 6890). Those for documentation are left out.
 */
const NOT_PUBLIC = `array['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12',
  '192.168.0.0/16', '224.0.0.0/3', '::/127', 'fc00::/7', 'fe80::/10', 'ff00::/8']::inet[]`;

/** The most specific range around an address counts; remote access before offices where two are equal. */
const MOST_SPECIFIC_FIRST = `masklen(network) desc, kind = 'remote_access' desc, kind = 'egress' desc`;

/**
 * A lateral join that gives `place` (text, see `PLACES`) and `site_id` (integer) of addresses as the row
 * `address_place`; one row, whatever is known. Ranges are found in the index, the most specific first.
 *
 * A tunnel, or an address of a gateway, is remote access; a public address of ours is an office, at the site of the local
 * subnet or else of the public address; a local subnet of ours under somebody else’s public address is remote access, and
 * under none an office; any other public address is a home.
 */
export function placeOfAddresses({ tunnel, local, subnet, public: external }: AddressExpressions): string {
  return `cross join lateral (
    select found.place, case found.place when 'office' then coalesce(found.inside_site_id, found.outside_site_id) end as site_id
    from (
      select case
          when given.tunnel or inside.kind = 'remote_access' or outside.kind = 'remote_access' then 'remote_access'
          when outside.kind is not null then 'office'
          when inside.kind is not null then case when given.shows_outside then 'remote_access' else 'office' end
          when given.shows_outside then 'home'
          else 'unknown' end as place,
        inside.site_id as inside_site_id, outside.site_id as outside_site_id
      from (select ${tunnel} as tunnel, ${plain(local)} as local_address, ${plain(subnet)} as local_subnet, ${plain(external)} as public_address,
          coalesce(not ${plain(external)} <<= any(${NOT_PUBLIC}), false) as shows_outside) as given
      left join lateral (
        select kind, site_id from network_range
        where (network >>= given.local_address or network >>= given.local_subnet) and kind <> 'egress'
        order by ${MOST_SPECIFIC_FIRST} limit 1) as inside on true
      left join lateral (
        select kind, site_id from network_range where network >>= given.public_address
        order by ${MOST_SPECIFIC_FIRST} limit 1) as outside on true
    ) as found
  ) as address_place`;
}

/** An IPv4 address that is written as IPv6 (RFC 4291, section 2.5.5.2) is the IPv4 address. */
function plain(address: string): string {
  return `case when ${address} <<= inet '::ffff:0:0/96' then inet '0.0.0.0' + (${address} - inet '::ffff:0.0.0.0')
    else ${address} end`;
}

/** The address of a request is at once where a machine says it is and where it shows; a private one is inside only. */
const PLACE_OF_REQUEST = `
  select address_place.place, site.id as "siteId", site.name as "siteName"
  from (select $1::inet as address) as request
  ${placeOfAddresses({ tunnel: 'false', local: 'request.address', subnet: 'null::inet', public: 'request.address' })}
  left join network_site as site on site.id = address_place.site_id`;

/** Where the sender of a request is, by its one address. What is no address is nowhere. The address is not kept. */
export async function placeOf(tx: EntityManager, address: string): Promise<AddressPlace> {
  const [plainAddress = ''] = address.split('%');
  if (isIP(plainAddress) === 0) return NOWHERE;
  const [found] = await tx.query<AddressPlace[]>(PLACE_OF_REQUEST, [plainAddress]);
  return found ?? NOWHERE;
}
