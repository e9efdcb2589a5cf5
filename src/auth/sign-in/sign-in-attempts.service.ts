import { Injectable } from '@nestjs/common';
import { Transactor } from '../../database/transactor.js';
import { hashOf, newSecret } from '../secret.js';
import { safeReturnTo } from './return-to.js';

/** A sign-in under way. */
export interface SignInAttempt {
  readonly state: string;
  readonly nonce: string;
  /** PKCE code verifier (RFC 7636): 43 characters. */
  readonly verifier: string;
  /** A path of this site. */
  readonly returnTo: string;
}

/** Longest that somebody may take to sign in, further proof included. */
const ATTEMPT_SECONDS = 600;

/** Keeps sign-ins between their beginning and the answer, for every process; each one can be used once. */
@Injectable()
export class SignInAttemptsService {
  constructor(private readonly transactor: Transactor) {}

  /** @param browser secret in the cookie of the browser that begins it; only that browser can go on. */
  async begin(browser: string, returnTo: unknown): Promise<SignInAttempt> {
    const attempt = { state: newSecret(), nonce: newSecret(), verifier: newSecret(), returnTo: safeReturnTo(returnTo) };
    await this.transactor.run((tx) =>
      tx.query(
        `with run_out as (delete from sign_in_attempt where expires_at < now())
         insert into sign_in_attempt (state_hash, browser_hash, nonce, verifier, return_to, expires_at)
         values ($1, $2, $3, $4, $5, now() + interval '${ATTEMPT_SECONDS} seconds')`,
        [hashOf(attempt.state), hashOf(browser), attempt.nonce, attempt.verifier, attempt.returnTo],
      ),
    );
    return attempt;
  }

  /** Takes the attempt away; null when this browser has begun none under that state, or too long ago. */
  async take(browser: string, state: string): Promise<SignInAttempt | null> {
    const [taken] = await this.transactor.run((tx) =>
      tx.query<{ nonce: string; verifier: string; returnTo: string }[]>(
        `with taken as (delete from sign_in_attempt
                        where state_hash = $1 and browser_hash = $2 and expires_at > now() returning *)
         select nonce, verifier, return_to as "returnTo" from taken`,
        [hashOf(state), hashOf(browser)],
      ),
    );
    return taken === undefined ? null : { state, ...taken };
  }
}
