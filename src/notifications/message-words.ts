/** Where a message stands. `uncertain`: handed to the mail server, whose answer nobody has. */
export const MESSAGE_STATES = ['waiting', 'claimed', 'sending', 'sent', 'stopped', 'uncertain', 'dead'] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

export const MESSAGE_STATE_WORDS: Readonly<Record<MessageState, string>> = {
  waiting: 'Waiting',
  claimed: 'Being sent',
  sending: 'Being sent',
  sent: 'Sent',
  stopped: 'Stopped',
  uncertain: 'Uncertain',
  dead: 'Not sent',
};

/** What a message is about, as references and never as names: such as `{ moveId: 17, bookingId: 4 }`. */
export type MessageReference = Readonly<Record<string, number | string | null>>;

/** Tries at one message before it is left to a person. */
export const MOST_TRIES = 10;

/** Minutes between two tries: over a day altogether, which outlasts a night without mail. */
const PAUSES: readonly number[] = [1, 5, 15, 60, 120, 240, 360, 480, 480];

/** Minutes to wait after so many tries that failed. */
export function pauseAfter(attempts: number): number {
  return PAUSES[Math.min(Math.max(attempts, 1), PAUSES.length) - 1] ?? 480;
}

/** What stops a message of any template, in words; templates add reasons of their own. */
export const STOP_WORDS: Readonly<Record<string, string>> = {
  'too-late': 'It was too late for it',
  'recipient-left': 'The person is not in the directory any more, or the account is disabled',
  'given-up': 'Somebody gave it up',
};

/** Why a message could not be sent, in words and with what to do. */
export function errorWords(code: string): string {
  if (code === 'no-address') return 'The directory has no usable email address for this person. Correct it there.';
  if (code === 'no-template') return 'This version does not know the message. Run the same version everywhere.';
  if (code === 'interrupted') return 'The process ended while it handed the message over.';
  if (code === 'connection-lost') return 'The connection broke before the mail server answered.';
  const [, status] = /^smtp-(\d{3})$/.exec(code) ?? [];
  if (status !== undefined) return `The mail server refused it (${status}). Ask whoever runs the mail server.`;
  if (code === 'sign-in') return 'The mail server did not accept the user and password of SMTP_URL.';
  if (code === 'tls') return 'No secure connection to the mail server. Check its certificate and SMTP_CA_FILE.';
  if (code === 'connection') return 'The mail server cannot be reached. Check SMTP_URL and the network.';
  return 'The message could not be made. The log of the worker has the error.';
}
