import { isIP } from 'node:net';
import type { CellProblem } from '../sheets/cell-text.js';

/** A range of addresses in CIDR notation (RFC 4632), or why the text is none. */
export type RangeReading =
  | {
      readonly ok: true;
      /** Its address in small letters, and the length of its prefix. */
      readonly network: string;
      /** Whether the address is the first of the range; Postgres takes the text as `cidr` then, otherwise as `inet` only. */
      readonly isFirst: boolean;
    }
  | ({ readonly ok: false } & CellProblem);

/** The widest range that is believed, by the version of the protocol; what is wider holds other people's addresses too. */
const WIDEST = { 4: 8, 6: 16 } as const;
const FIX = 'Write a range such as 10.20.0.0/16 or 2001:db8:20::/48, or one address.';

function refusal(message: string, fix = FIX): RangeReading {
  return { ok: false, message, fix };
}

function groupsOf(half: string): readonly bigint[] {
  if (half === '') return [];
  return half.split(':').flatMap((group) => {
    if (!group.includes('.')) return [BigInt(`0x${group}`)];
    const four = bitsOfFour(group);
    return [four >> 16n, four & 0xffffn];
  });
}

function bitsOfFour(address: string): bigint {
  return address.split('.').reduce((bits, octet) => (bits << 8n) | BigInt(octet), 0n);
}

function bitsOfSix(address: string): bigint {
  const [front = '', back] = address.split('::');
  const [before, after] = [groupsOf(front), groupsOf(back ?? '')];
  const between = Array.from({ length: back === undefined ? 0 : 8 - before.length - after.length }, () => 0n);
  return [...before, ...between, ...after].reduce((bits, group) => (bits << 16n) | group, 0n);
}

/** Reads a range of addresses; an address alone is the range of itself. */
export function readAddressRange(text: string): RangeReading {
  const [, address = '', length] = /^([0-9A-Fa-f.:]{2,45})(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  if (version !== 4 && version !== 6) return refusal('This is not a range of addresses.');
  const width = version === 4 ? 32 : 128;
  const prefix = length === undefined ? width : Number(length);
  if (prefix > width) return refusal(`A prefix has at most ${width} bits here.`);
  if (prefix < WIDEST[version]) {
    return refusal(`The range is wider than /${WIDEST[version]}; that is no network of one organisation.`);
  }
  if (version === 6 && /^(?:0{0,4}:){2,5}ffff:/i.test(address)) {
    return refusal('This is an IPv4 range written as IPv6.', 'Write it as IPv4, such as 10.20.0.0/16.');
  }
  const bits = version === 4 ? bitsOfFour(address) : bitsOfSix(address);
  const isFirst = (bits & ((1n << BigInt(width - prefix)) - 1n)) === 0n;
  return { ok: true, network: `${address.toLowerCase()}/${prefix}`, isFirst };
}
