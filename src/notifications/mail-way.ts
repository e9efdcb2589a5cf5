import type { Config } from '../config/config.types.js';

/** Which way messages go: to the demonstration's own mailbox, by a mail server, or nowhere until one is named. */
export type MailWay = 'demonstration' | 'smtp' | 'none';

/** The demonstration's people are invented, so that no mail leaves it, whatever the settings say. */
export function mailWay({ tenant, mail }: Pick<Config, 'tenant' | 'mail'>): MailWay {
  if (tenant.kind === 'demonstration') return 'demonstration';
  return mail === null ? 'none' : 'smtp';
}
