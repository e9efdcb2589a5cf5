import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { rootCertificates } from 'node:tls';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { domainOf } from '../common/mail-address.js';
import type { MailSettings } from '../config/mail-settings.js';
import type { Mail } from './post.js';

/** Longest waits in milliseconds; together less than the lease of a message. */
const WAITS = { connectionTimeout: 15_000, greetingTimeout: 15_000, dnsTimeout: 10_000, socketTimeout: 30_000 };
const WHOLE_DELIVERY = 75_000;

/** A delivery that failed: a code, whether another try is of no use, and whether the server gave an answer at all. */
export class DeliveryFailure extends Error {
  constructor(
    readonly code: string,
    readonly permanent: boolean,
    /** Whether it is certain that the server did not take the mail after its content had been sent. */
    readonly refused: boolean,
  ) {
    super(code);
    this.name = new.target.name;
  }
}

/** What is read of nodemailer's errors. */
interface SmtpError {
  readonly code?: string;
  readonly responseCode?: number;
}

/**
 * Hands one mail to the mail server.
 * @param handingOver called once the server has accepted sender and recipient and waits for the content; what it throws
 *   ends the delivery before any of the content is sent, and is thrown on
 * @throws DeliveryFailure
 */
export async function deliverBySmtp(
  settings: MailSettings,
  mail: Mail,
  messageKey: string,
  handingOver: () => Promise<void>,
): Promise<void> {
  const content = await contentOf(settings, mail, messageKey);
  let thrown: { readonly error: unknown } | null = null;
  const body = async function* (): AsyncGenerator<Buffer> {
    try {
      await handingOver();
    } catch (error) {
      thrown = { error };
      throw error;
    }
    yield content;
  };
  try {
    await withConnection(settings, (connection, settle) => {
      connection.send({ from: settings.from.address, to: [mail.to] }, Readable.from(body()), settle);
    });
  } catch (error) {
    throw thrown === null ? error : (thrown as { readonly error: unknown }).error;
  }
}

/**
 * Connects and signs in, and sends nothing.
 * @throws DeliveryFailure
 */
export async function reachMailServer(settings: MailSettings): Promise<void> {
  await withConnection(settings, (_connection, settle) => settle(null));
}

/** Does something over a connection that is signed in; it is over when it is settled, or when patience is. */
async function withConnection(
  settings: MailSettings,
  work: (connection: SMTPConnection, settle: (failure: Error | null) => void) => void,
): Promise<void> {
  const connection = new SMTPConnection(connectionOptions(settings));
  let patience: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const settle = (failure: Error | null): void => (failure === null ? resolve() : reject(failure));
      patience = setTimeout(() => settle(Object.assign(new Error('deadline'), { code: 'ETIMEDOUT' })), WHOLE_DELIVERY);
      connection.on('error', settle);
      connection.connect((failure) => {
        const { signIn } = settings;
        if (failure) return settle(failure);
        if (signIn === null) return work(connection, settle);
        connection.login({ credentials: { user: signIn.user, pass: signIn.password } }, (refusal) =>
          refusal ? settle(refusal) : work(connection, settle),
        );
      });
    });
    connection.quit();
  } catch (error) {
    connection.close();
    throw failureOf(error as SmtpError);
  } finally {
    clearTimeout(patience);
  }
}

/** The mail as it goes over the wire; nothing in it is ever read from a file or an address. */
async function contentOf({ from }: MailSettings, mail: Mail, messageKey: string): Promise<Buffer> {
  const composer = new MailComposer({
    from: { name: from.name, address: from.address },
    to: { name: '', address: mail.to },
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    messageId: `<${messageKey}@${domainOf(from.address)}>`,
    // RFC 3834, and what Exchange looks at: nobody's absence answers this.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

function connectionOptions({ host, port, security, caFile }: MailSettings): SMTPConnection.Options {
  const ca = caFile === null ? {} : { ca: [...rootCertificates, readFileSync(caFile, 'utf8')] };
  return {
    ...{ host, port, ...WAITS, logger: false },
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: { minVersion: 'TLSv1.2', ...ca },
  };
}

const CODES: Readonly<Record<string, string>> = {
  EAUTH: 'sign-in',
  ENOAUTH: 'sign-in',
  ETLS: 'tls',
  EDNS: 'connection',
  ECONNECTION: 'connection',
  ESOCKET: 'connection',
  ETIMEDOUT: 'connection',
  EPROTOCOL: 'connection',
};

function failureOf({ code = '', responseCode }: SmtpError): DeliveryFailure {
  const answered = responseCode !== undefined && (code === 'EENVELOPE' || code === 'EMESSAGE');
  // A wrong password is the installation's fault and not this message's; RFC 5321, section 4.2.1: 5yz is for good, but
  // 503 speaks of the conversation.
  if (answered) {
    return new DeliveryFailure(`smtp-${responseCode}`, responseCode >= 500 && responseCode !== 503, true);
  }
  return new DeliveryFailure(CODES[code] ?? 'failed', false, false);
}
