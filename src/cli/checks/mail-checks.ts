import type { Config } from '../../config/config.types.js';
import { mailWay } from '../../notifications/mail-way.js';
import { DeliveryFailure, reachMailServer } from '../../notifications/smtp-delivery.js';
import { errorWords } from '../../notifications/message-words.js';
import { fail, ok, warn, type Check } from './check.js';

const NAME = 'mail';

/** Looks at the way that messages go: signs in to the mail server and sends nothing. */
export async function checkMail(config: Config): Promise<Check> {
  const way = mailWay(config);
  if (way === 'demonstration') {
    const unused = config.mail === null ? '' : ' SMTP_URL is not used: people of the demonstration are invented.';
    return ok(NAME, `Messages go to the demonstration's own mailbox, and to nobody.${unused}`);
  }
  if (config.mail === null) {
    return warn(
      NAME,
      'No mail server is named: messages wait, and each is stopped when it is too late for it.',
      'Set SMTP_URL and MAIL_FROM.',
    );
  }
  const { host, security } = config.mail;
  try {
    await reachMailServer(config.mail);
    return ok(
      NAME,
      `${host} lets Untether send${security === 'none' ? ', unencrypted on this machine' : ' over TLS'}.`,
    );
  } catch (error) {
    if (!(error instanceof DeliveryFailure)) throw error;
    return fail(NAME, `${host} cannot be used for mail (${error.code}).`, errorWords(error.code));
  }
}
