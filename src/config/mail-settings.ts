import { isMailAddress } from '../common/mail-address.js';
import type { SettingsReader } from './settings-reader.js';

/** The mail server, and who messages come from. */
export interface MailSettings {
  readonly host: string;
  readonly port: number;
  /** How the connection is made secure: from its first byte, by STARTTLS, or not at all on this machine. */
  readonly security: 'tls' | 'starttls' | 'none';
  /** Null for a server that needs no sign-in. */
  readonly signIn: { readonly user: string; readonly password: string } | null;
  /** PEM file with certificate authorities to trust besides the built-in ones. */
  readonly caFile: string | null;
  readonly from: { readonly name: string; readonly address: string };
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
/** Ports of submission (RFC 6409) and of submission over TLS (RFC 8314). */
const PORTS = { 'smtp:': 587, 'smtps:': 465 } as const;
/** A name of visible ASCII and Latin letters, without what has a meaning in a header. */
const NAME = /^[^\p{C}<>"(),:;@[\\\]]{1,80}$/u;

/**
 * Reads SMTP_URL, MAIL_FROM and SMTP_CA_FILE; null where no mail server is named.
 * @param publicUrl where links in messages lead; without it nobody could follow one
 */
export function readMailSettings(reader: SettingsReader, publicUrl: string | null): MailSettings | null {
  if (!reader.isSet('SMTP_URL')) {
    if (reader.isSet('MAIL_FROM')) {
      reader.wrong('SMTP_URL', 'is missing although MAIL_FROM is set.', 'Name the mail server, or unset MAIL_FROM.');
    }
    return null;
  }
  const url = readUrl(reader);
  const from = readFrom(reader);
  if (publicUrl === null && !reader.isSet('PUBLIC_URL')) {
    reader.wrong(
      'PUBLIC_URL',
      'is missing although SMTP_URL is set: messages have links.',
      'Set it to the address that people type, such as https://untether.example.',
    );
  }
  const caFile = reader.file('SMTP_CA_FILE');
  if (url === null || from === null) return null;
  const secure = url.protocol === 'smtps:';
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? PORTS[secure ? 'smtps:' : 'smtp:'] : Number(url.port),
    security: secure ? 'tls' : LOOPBACK.includes(url.hostname) ? 'none' : 'starttls',
    signIn:
      url.username === ''
        ? null
        : { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) },
    caFile,
    from,
  };
}

function readUrl(reader: SettingsReader): URL | null {
  const value = reader.text('SMTP_URL');
  // A file that was named and could not be used has been reported already.
  if (value === null) return null;
  const url = URL.canParse(value) ? new URL(value) : null;
  const plain = url !== null && ['', '/'].includes(url.pathname) && url.search === '' && url.hash === '';
  if (!url || !(url.protocol in PORTS) || url.hostname === '' || !plain || !isDecodable(url)) {
    reader.wrong(
      'SMTP_URL',
      'is not the address of a mail server.',
      'Give one such as smtp://user:password@mail.example:587 (STARTTLS is insisted on) or smtps://mail.example; write special characters of the password as %XX.',
    );
    return null;
  }
  if ((url.username === '') !== (url.password === '')) {
    reader.wrong('SMTP_URL', 'has a user without a password, or the other way round.', 'Give both, or neither.');
    return null;
  }
  return url;
}

function isDecodable({ username, password }: URL): boolean {
  try {
    return !/\p{Cc}/u.test(decodeURIComponent(username) + decodeURIComponent(password));
  } catch {
    return false;
  }
}

function readFrom(reader: SettingsReader): MailSettings['from'] | null {
  const value = reader.text('MAIL_FROM');
  const [, name = '', bracketed] = /^([^<]*)<([^<>]*)>$/.exec(value ?? '') ?? [];
  const address = bracketed ?? value ?? '';
  const shown = bracketed === undefined ? 'Untether' : name.trim();
  if (isMailAddress(address) && NAME.test(shown)) return { name: shown, address };
  reader.wrong(
    'MAIL_FROM',
    value === null ? 'is missing although SMTP_URL is set.' : 'is not an address to send from.',
    'Give one such as untether@council.example, or Untether <untether@council.example>.',
  );
  return null;
}
