import { hash } from 'node:crypto';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { errors, jwtVerify, type JWTPayload, type ProtectedHeaderParameters } from 'jose';
import { CONFIG } from '../config/config.module.js';
import type { Config, SignInSettings } from '../config/config.types.js';
import { signInSettings } from '../config/sign-in-settings.js';
import { Transactor } from '../database/transactor.js';
import { UnauthenticatedError } from './access.errors.js';
import { AccountsService, type StatedPerson } from './accounts.service.js';
import { AuthorityKeys } from './authority-keys.js';
import type { Role } from './permissions.js';
import { RightsQueries } from './rights.queries.js';
import type { Rights } from './rights.js';
import { SignInRefusal } from './sign-in/sign-in-refusal.js';
import { CLOCK_TOLERANCE_SECONDS, readPerson } from './sign-in/stated-person.js';

/** A token that was found good: whose it is and until when. */
interface Verdict {
  readonly accountId: number;
  readonly roles: readonly Role[];
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Most verdicts that are kept; a council's scripts have a few dozen tokens at a time. */
const MOST_VERDICTS = 10_000;
/** Parts of a header that name a key or where to find one: a token does not choose what it is checked with. */
const KEY_IN_HEADER = ['jku', 'jwk', 'x5u', 'x5c', 'crit'] as const;
const TOKEN_TYPES: ReadonlySet<unknown> = new Set([undefined, 'JWT', 'at+jwt']);

/** What is wrong with a token, in words for a log; never a value of it. */
class UnusableToken extends Error {}

/** Checks access tokens that Entra ID issued for this application. */
@Injectable()
export class BearerTokens implements OnApplicationShutdown {
  private readonly verdicts = new Map<string, Verdict>();
  private known: { readonly settings: SignInSettings; readonly keys: AuthorityKeys } | null = null;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly transactor: Transactor,
    private readonly accounts: AccountsService,
    private readonly rights: RightsQueries,
  ) {}

  /**
   * Whose a token is, with the rights of that person at this moment. The signature is checked once for each token and
   * the verdict kept by the token's digest until it expires; rights are read every time.
   * @throws UnauthenticatedError for a token that does not count; UpstreamError while its signature cannot be checked.
   */
  async find(token: string): Promise<Rights> {
    const digest = hash('sha256', token, 'base64url');
    const verdict = this.verdicts.get(digest) ?? (await this.check(token, digest));
    if (verdict.expiresAt <= Date.now()) {
      this.verdicts.delete(digest);
      throw refused();
    }
    const rights = await this.rights.ofAccount(verdict.accountId);
    if (rights === null) {
      this.verdicts.delete(digest);
      throw refused();
    }
    // Roles that were taken away since do not come back with an older token.
    return { ...rights, roles: rights.roles.filter((role) => verdict.roles.includes(role)) };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.known?.keys.close();
  }

  private async check(token: string, digest: string): Promise<Verdict> {
    const { settings, keys } = this.authority();
    const { person, expiresAt } = await verify(token, settings, keys);
    const accountId = await this.transactor.run((tx) => this.accounts.keep(tx, person));
    const verdict: Verdict = { accountId, roles: person.roles, expiresAt };
    if (this.verdicts.size >= MOST_VERDICTS) this.verdicts.delete(this.verdicts.keys().next().value ?? '');
    this.verdicts.set(digest, verdict);
    return verdict;
  }

  /** The demonstration's sign-in service may have started again, with other keys. */
  private authority(): { readonly settings: SignInSettings; readonly keys: AuthorityKeys } {
    const settings = settingsOf(this.config);
    const { known } = this;
    if (known?.settings.issuer === settings.issuer && known.settings.clientId === settings.clientId) return known;
    void known?.keys.close();
    this.known = { settings, keys: new AuthorityKeys(settings) };
    return this.known;
  }
}

function settingsOf(config: Config): SignInSettings {
  try {
    return signInSettings(config);
  } catch (error) {
    throw refused('No sign-in service is set up that could have issued this token.', error);
  }
}

async function verify(
  token: string,
  settings: SignInSettings,
  keys: AuthorityKeys,
): Promise<{ person: StatedPerson; expiresAt: number }> {
  try {
    const { payload, protectedHeader } = await jwtVerify(
      token,
      (header, input) => {
        // Before a key is even looked for.
        refuseHeader(header);
        return keys.find(header, input);
      },
      {
        algorithms: ['RS256'],
        issuer: settings.issuer,
        audience: settings.clientId,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['exp', 'iat'],
      },
    );
    refuseHeader(protectedHeader);
    refuseOtherKinds(payload);
    const expiresAt = ((payload.exp ?? 0) + CLOCK_TOLERANCE_SECONDS) * 1_000;
    refuseUnreadableRoles(payload);
    return { person: readPerson(payload, settings, new Date()), expiresAt };
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof UnusableToken || error instanceof SignInRefusal)
      throw refused(undefined, error);
    throw error;
  }
}

function refuseHeader(header: ProtectedHeaderParameters): void {
  if (KEY_IN_HEADER.some((name) => name in header)) throw new UnusableToken('the header names a key');
  if (!TOKEN_TYPES.has(header.typ)) throw new UnusableToken('the header names another type');
}

/**
 * Only access tokens that a person's program was given for us: they name a scope of ours (`scp`). An ID token says who
 * somebody is and may not be used as a key, and a token without a person is nobody whom the directory has.
 */
function refuseOtherKinds(payload: JWTPayload): void {
  const { scp, nonce } = payload as { scp?: unknown; nonce?: unknown };
  if (typeof scp !== 'string' || scp.trim() === '') throw new UnusableToken('scp is missing');
  if (nonce !== undefined) throw new UnusableToken('it is an ID token');
}

/** A text where a list belongs is a token that somebody wrote by hand. */
function refuseUnreadableRoles({ roles }: JWTPayload & { readonly roles?: unknown }): void {
  if (roles !== undefined && !Array.isArray(roles)) throw new UnusableToken('roles is no list');
}

function refused(message = 'The token is not valid here, or it has run out.', cause?: unknown): UnauthenticatedError {
  return new UnauthenticatedError(message, { cause });
}
