import { UntetherError, type LogLevel } from '../../common/errors.js';

/** Why somebody was not signed in. */
export const REFUSAL_REASONS = [
  /** The answer belongs to no sign-in that this browser has begun, or the wait was too long. */
  'not-begun-here',
  /** The answer names another issuer than ours. */
  'wrong-issuer',
  /** The token does not prove who signed in. */
  'unproven',
  /** The code was used before, or too late. */
  'code-spent',
  'cancelled',
  'consent-needed',
  'not-assigned',
  'blocked-by-policy',
  'account-disabled',
  /** Entra ID does not accept this application's own secret or certificate. */
  'application-refused',
  'provider-unavailable',
  'provider-refused',
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

interface Words {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly logLevel?: LogLevel;
}

const AGAIN = 'Start the sign-in again.';

const WORDS: Readonly<Record<RefusalReason, Words>> = {
  'not-begun-here': {
    status: 400,
    title: 'This sign-in was not begun here',
    detail: `It was begun in another browser, or more than ten minutes ago. Nobody was signed in. ${AGAIN}`,
  },
  'wrong-issuer': {
    status: 400,
    title: 'The answer came from somewhere else',
    detail: `Untether asked your organisation's sign-in service and got an answer that is not from there. Nobody was signed in. ${AGAIN} If it happens twice, tell the service desk.`,
    logLevel: 'warn',
  },
  unproven: {
    status: 403,
    title: 'The sign-in could not be verified',
    detail: `The answer of the sign-in service does not prove who you are. Nobody was signed in. ${AGAIN} If it happens twice, tell the service desk.`,
    logLevel: 'warn',
  },
  'code-spent': {
    status: 400,
    title: 'This sign-in was used already',
    detail: `A sign-in can be completed once, and within a few minutes. ${AGAIN}`,
  },
  cancelled: {
    status: 403,
    title: 'You have not signed in',
    detail: `The sign-in was cancelled. ${AGAIN}`,
  },
  'consent-needed': {
    status: 403,
    title: 'Untether is not approved for your organisation yet',
    detail:
      'An administrator of Entra ID has to grant consent to the application first (Enterprise applications, Untether, Permissions, Grant admin consent). Tell the service desk.',
    logLevel: 'warn',
  },
  'not-assigned': {
    status: 403,
    title: 'You have not been given access to Untether',
    detail:
      'Your account is fine, but nobody has assigned it to this application. Ask the service desk to assign you (Enterprise applications, Untether, Users and groups).',
  },
  'blocked-by-policy': {
    status: 403,
    title: 'Your organisation does not allow this sign-in',
    detail:
      'A rule about devices, places or further proof stopped it. Try from a machine of your organisation and its network, or ask the service desk.',
  },
  'account-disabled': {
    status: 403,
    title: 'Your account cannot sign in',
    detail: 'It is disabled or locked. Ask the service desk.',
  },
  'application-refused': {
    status: 503,
    title: 'Signing in does not work at the moment',
    detail:
      "The sign-in service does not accept Untether's own secret or certificate; it may have expired. Whoever runs Untether has to renew it. Tell the service desk.",
    logLevel: 'error',
  },
  'provider-unavailable': {
    status: 503,
    title: 'The sign-in service does not answer',
    detail: 'Try again in a few minutes. Nothing is lost.',
    logLevel: 'warn',
  },
  'provider-refused': {
    status: 403,
    title: 'The sign-in service refused',
    detail: `${AGAIN} If it happens twice, tell the service desk and give them the code below.`,
    logLevel: 'warn',
  },
};

/** Nobody was signed in; the words are for whoever tried. */
export class SignInRefusal extends UntetherError {
  readonly status: number;
  readonly title: string;
  override readonly logLevel: LogLevel;

  /** @param code what the sign-in service calls it, such as `AADSTS50105`; null when it said nothing. */
  constructor(
    readonly reason: RefusalReason,
    readonly code: string | null = null,
    options?: ErrorOptions,
  ) {
    const { status, title, detail, logLevel = 'info' } = WORDS[reason];
    super(detail, options);
    this.status = status;
    this.title = title;
    this.logLevel = logLevel;
  }
}
