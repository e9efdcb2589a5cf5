import { Injectable, Logger } from '@nestjs/common';
import { appendToAudit } from '../../audit/audit-trail.js';
import { withLogFields } from '../../config/logger.js';
import { Transactor } from '../../database/transactor.js';
import { newSecret } from '../secret.js';
import { SessionsService, type StartedSession } from '../sessions.service.js';
import { OpenIdProvider } from './open-id-provider.js';
import { SignInAttemptsService } from './sign-in-attempts.service.js';
import { SignInRefusal } from './sign-in-refusal.js';
import type { ProvenPerson } from './stated-person.js';

/** A browser that comes back from the sign-in service. */
export interface SignInAnswer {
  /** Our own callback address as the browser was sent to it, with everything after the question mark. */
  readonly url: URL;
  /** The secret that the browser got when it began; null when it brings none. */
  readonly browser: string | null;
  /** Value of the session cookie that the browser has come with; null when it brings none. */
  readonly session: string | null;
}

/** Lets people sign in through their organisation's sign-in service. */
@Injectable()
export class SignInService {
  private readonly logger = new Logger('SignIn');

  constructor(
    private readonly provider: OpenIdProvider,
    private readonly attempts: SignInAttemptsService,
    private readonly sessions: SessionsService,
    private readonly transactor: Transactor,
  ) {}

  /**
   * Begins a sign-in.
   * @param browser secret that this browser has from an earlier sign-in under way; null makes one.
   * @param chooseAccount lets the person say who they are even when the browser is still signed in there.
   * @returns where to send the browser, and its secret.
   * @throws SignInRefusal while the sign-in service does not answer.
   */
  async begin(
    browser: string | null,
    asked: { readonly returnTo: unknown; readonly redirectUri: string; readonly chooseAccount: boolean },
  ): Promise<{ readonly url: string; readonly browser: string }> {
    const secret = browser ?? newSecret();
    const attempt = await this.attempts.begin(secret, asked.returnTo);
    return this.tellRefusals(async () => ({
      url: await this.provider.authorizationUrl(attempt, asked.redirectUri, asked.chooseAccount),
      browser: secret,
    }));
  }

  /**
   * Ends a sign-in: a new session for whom the sign-in service has proved, the browser's old one is over.
   * @throws SignInRefusal when nobody was signed in, with the reason in words.
   */
  async complete(answer: SignInAnswer): Promise<{ readonly session: StartedSession; readonly returnTo: string }> {
    return this.tellRefusals(async () => {
      const states = answer.url.searchParams.getAll('state');
      const [state] = states;
      const attempt =
        answer.browser === null || state === undefined || states.length > 1
          ? null
          : await this.attempts.take(answer.browser, state);
      if (attempt === null) throw new SignInRefusal('not-begun-here');
      const person = await this.provider.redeem(answer.url, attempt);
      const others = await this.othersWithAddress(person);
      const session = await this.sessions.start(person, answer.session);
      if (others.length > 0) await this.noteSharedAddress(person, session.accountId, others);
      return { session, returnTo: attempt.returnTo };
    });
  }

  /** Where the browser can be signed out of the sign-in service too; null when that cannot be said now. */
  async endSessionUrl(returnUrl: string): Promise<string | null> {
    return this.provider.endSessionUrl(returnUrl).catch(() => null);
  }

  /** Failed sign-ins are logged with their reason (OWASP ASVS 5.0, v5.0.0-16.3.1), never with a name or address. */
  private async tellRefusals<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof SignInRefusal) {
        const { reason, code, cause } = error;
        const lacking = cause instanceof Error ? cause.message : '';
        withLogFields({ reason, code: code ?? '', lacking }, () => this.logger.warn('sign-in refused'));
      }
      throw error;
    }
  }

  /**
   * Object ids of other people of the directory whom it gives an address of somebody who signs in for the first time. Such
   * a person is nobody but themselves and gets nothing of the other's; but it is worth a look, since the mail address is
   * how impostors would try (descope.com/blog/post/noauth).
   */
  private async othersWithAddress(person: ProvenPerson): Promise<readonly string[]> {
    if (person.addresses.length === 0) return [];
    return this.transactor.run(async (tx) => {
      const rows = await tx.query<{ id: string }[]>(
        `select entra_id as id from person
         where (lower(user_principal_name) = any($1) or lower(mail) = any($1)) and entra_id <> $2 and presence <> 'gone'
           and not exists (select from account where tenant_id = $3 and object_id = $4)
         order by entra_id limit 5`,
        [person.addresses, person.objectId, person.tenantId, person.objectId],
      );
      return rows.map(({ id }) => id);
    });
  }

  private async noteSharedAddress(person: ProvenPerson, accountId: number, others: readonly string[]): Promise<void> {
    withLogFields({ person: person.objectId, others: others.join(' ') }, () =>
      this.logger.warn('somebody new signed in with the address of somebody else'),
    );
    await this.transactor.run((tx) =>
      appendToAudit(tx, {
        event: 'account.address-shared',
        actor: `person:${person.objectId}`,
        subject: { kind: 'account', id: accountId },
        details: { others },
      }),
    );
  }
}
