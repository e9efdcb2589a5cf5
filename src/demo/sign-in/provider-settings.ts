import { randomBytes } from 'node:crypto';

import { type Account, type Grant, interactionPolicy, type OpenIdContext } from 'oidc-provider';

import type { TenantStore } from '../tenant/tenant-store.js';
import { messagePage } from './persona-page.js';
import type { Persona } from './personas.js';
import { providerMemory } from './provider-memory.js';

/** What the sign-in server needs to know of the demonstration. */
export interface SignInServerOptions {
  readonly tenant: TenantStore;
  readonly personas: readonly Persona[];
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

const SCOPES = ['openid', 'profile'];
const CALLBACK = '/sign-in/callback';

/**
 * Settings of the provider that make it look like Entra ID to a client: its claims (`tid`, `oid`, `roles`, `ver`), where
 * things are, and nothing but the code flow with PKCE.
 * @param privateKey RSA, as a JWK
 * @param choosePath where visitors choose who they are
 */
export function providerSettings(options: SignInServerOptions, privateKey: object, choosePath: string): object {
  const { clientId, clientSecret } = options;
  return {
    adapter: providerMemory(),
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        token_endpoint_auth_method: 'client_secret_post',
        // Native, so that any port of this machine will do: it is picked when the web process starts.
        application_type: 'native',
        redirect_uris: ['127.0.0.1', 'localhost', '[::1]'].map((host) => `http://${host}${CALLBACK}`),
        grant_types: ['authorization_code'],
        response_types: ['code'],
        id_token_signed_response_alg: 'RS256',
      },
    ],
    jwks: { keys: [{ ...privateKey, use: 'sig', alg: 'RS256', kid: randomBytes(8).toString('hex') }] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    responseTypes: ['code'],
    scopes: SCOPES,
    pkce: { required: () => true },
    claims: { openid: ['sub', 'tid', 'oid', 'roles', 'ver'], profile: ['name', 'preferred_username'] },
    // Entra ID puts everything into the ID token.
    conformIdTokenClaims: false,
    findAccount: (_context: OpenIdContext, id: string) => findAccount(options, id),
    loadExistingGrant,
    interactions: {
      url: (_context: OpenIdContext, { uid }: { readonly uid: string }) => `${choosePath}/${uid}`,
      policy: [
        new interactionPolicy.Prompt(
          { name: 'select_account', requestable: true },
          // Asked every time: nobody stays signed in here.
          new interactionPolicy.Check('choice', 'nobody was chosen', ({ oidc }) => oidc.result?.login === undefined),
        ),
      ],
    },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
    ttl: { AuthorizationCode: 60, IdToken: 3600, AccessToken: 3600, Interaction: 600, Session: 600, Grant: 600 },
    routes: {
      authorization: '/oauth2/v2.0/authorize',
      token: '/oauth2/v2.0/token',
      jwks: '/discovery/v2.0/keys',
    },
    renderError: (context: OpenIdContext, out: { readonly error: string }) => {
      context.type = 'html';
      context.body = messagePage('This sign-in went wrong', `Start it again. (${out.error})`);
    },
  };
}

function findAccount({ personas, tenant, tenantId }: SignInServerOptions, id: string): Account | undefined {
  const persona = personas.find(({ userId }) => userId === id);
  if (persona === undefined) return undefined;
  const user = tenant.get('users', id);
  const text = (property: string, otherwise: string): string => {
    const value = user?.[property];
    return typeof value === 'string' ? value : otherwise;
  };
  return {
    accountId: id,
    claims: () => ({
      sub: id,
      tid: tenantId,
      oid: id,
      ver: '2.0',
      name: text('displayName', persona.name),
      preferred_username: text('userPrincipalName', persona.userPrincipalName),
      // Without a role the claim is not there at all.
      ...(persona.roles.length === 0 ? {} : { roles: persona.roles }),
    }),
  };
}

/** An administrator has approved the application for everybody, as in most organisations. */
async function loadExistingGrant(context: OpenIdContext): Promise<Grant> {
  const { client, session, provider } = context.oidc;
  const grant = new provider.Grant({ accountId: session?.accountId ?? '', clientId: client?.clientId ?? '' });
  grant.addOIDCScope(SCOPES.join(' '));
  await grant.save();
  return grant;
}
