import { isIP } from 'node:net';
import type { SettingsReader } from './settings-reader.js';

/** Where the web process listens, and what stands in front of it. */
export interface WebSettings {
  /** Address of this machine to listen on. */
  readonly host: string;
  /** Proxies in front whose forwarding headers are believed: how many, or their addresses. Null believes nobody. */
  readonly trustedProxies: number | readonly string[] | null;
}

const LOOPBACK = /^(localhost|127\.0\.0\.1|::1|\[::1\])$/i;
/** More proxies in a row than anybody has. */
const MOST_PROXIES = 8;

/** Reads HOST and TRUST_PROXY. */
export function readWebSettings(reader: SettingsReader): WebSettings {
  const host = reader.text('HOST') ?? '127.0.0.1';
  if (host !== 'localhost' && isIP(host) === 0) {
    reader.wrong(
      'HOST',
      'is not an address of this machine.',
      'Give one such as 127.0.0.1, or 0.0.0.0 for all of them.',
    );
  }
  if (!reader.isSet('PUBLIC_URL') && !LOOPBACK.test(host)) {
    reader.wrong(
      'PUBLIC_URL',
      'is missing although HOST lets other machines in.',
      'Set it to the address that people type, such as https://untether.example.',
    );
  }
  return { host, trustedProxies: readTrustedProxies(reader) };
}

function readTrustedProxies(reader: SettingsReader): number | readonly string[] | null {
  const value = reader.text('TRUST_PROXY');
  if (value === null) return null;
  if (/^[1-9]$/.test(value) && Number(value) <= MOST_PROXIES) return Number(value);
  const proxies = value.split(',').map((proxy) => proxy.trim());
  if (proxies.every(isNetwork)) return proxies;
  reader.wrong(
    'TRUST_PROXY',
    'is neither a number of proxies nor a list of their addresses.',
    `Give 1 to ${MOST_PROXIES}, or addresses such as 10.0.0.5, 10.1.0.0/16.`,
  );
  return null;
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  // A prefix of 0 would believe everybody.
  return family !== 0 && rest.length === 0 && (bits === undefined || isPrefix(bits, family === 4 ? 32 : 128));
}

function isPrefix(bits: string, longest: number): boolean {
  return /^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= longest;
}
