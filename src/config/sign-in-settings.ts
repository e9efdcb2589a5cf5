import type { Config, SignInCredential, SignInSettings, TenantSettings } from './config.types.js';
import { ConfigError } from './config.error.js';
import { demonstrationSignIn } from './demonstration.js';
import { EXAMPLE_VALUE, type SettingsReader } from './settings-reader.js';

const SIGN_IN_NAMES = ['SIGN_IN_CLIENT_ID', 'SIGN_IN_CLIENT_SECRET', 'SIGN_IN_CLIENT_CERTIFICATE'] as const;
const GUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;

/**
 * The sign-in of a real tenant; null for the demonstration, which brings its own, and for processes whose settings leave
 * out where the site is (commands and workers let nobody in). The application for Graph and the one for the sign-in are
 * the same unless `SIGN_IN_CLIENT_ID` names another.
 */
export function readSignIn(
  reader: SettingsReader,
  tenant: TenantSettings,
  publicUrl: string | null,
): SignInSettings | null {
  const given = SIGN_IN_NAMES.filter((name) => reader.isSet(name));
  if (tenant.kind === 'demonstration') {
    for (const name of given) {
      reader.wrong(
        name,
        'is set, but the demonstration tenant has a sign-in of its own, which never goes with a real one.',
        'Set the GRAPH_ settings of your tenant as well, or unset it.',
      );
    }
    return null;
  }
  if (publicUrl === null) {
    for (const name of given) {
      reader.wrong(name, 'is set although PUBLIC_URL is not.', 'Set PUBLIC_URL to where people open the site.');
    }
    return null;
  }
  // A domain is fine for asking Graph; a token's issuer always holds the id.
  if (!GUID.test(tenant.tenantId)) {
    reader.wrong(
      'GRAPH_TENANT_ID',
      'is not the id that tokens of people name.',
      'Copy the tenant id, a GUID, from Entra ID, Overview.',
    );
  }
  const tenantId = tenant.tenantId.toLowerCase();
  return {
    kind: 'tenant',
    tenantId,
    issuer: `${tenant.authority}/${tenantId}/v2.0`,
    clientId: readClientId(reader) ?? tenant.clientId,
    credential: readCredential(reader, tenant),
    caFile: tenant.caFile,
    httpsProxy: tenant.httpsProxy,
  };
}

function readClientId(reader: SettingsReader): string | null {
  const clientId = reader.text('SIGN_IN_CLIENT_ID');
  if (clientId !== null && (EXAMPLE_VALUE.test(clientId) || !GUID.test(clientId))) {
    reader.wrong('SIGN_IN_CLIENT_ID', 'is not a client id.', 'Copy it from the app registration, Overview.');
  }
  return clientId;
}

function readCredential(reader: SettingsReader, tenant: TenantSettings & { kind: 'tenant' }): SignInCredential {
  const [hasSecret, hasCertificate] = [
    reader.isSet('SIGN_IN_CLIENT_SECRET'),
    reader.isSet('SIGN_IN_CLIENT_CERTIFICATE'),
  ];
  if (hasSecret && hasCertificate) {
    reader.wrong(
      'SIGN_IN_CLIENT_SECRET, SIGN_IN_CLIENT_CERTIFICATE',
      'are given together.',
      'Keep one of them; a certificate is safer than a secret.',
    );
  }
  if (hasCertificate) {
    return { kind: 'certificate', pem: reader.certificate('SIGN_IN_CLIENT_CERTIFICATE') };
  }
  if (hasSecret) {
    const secret = reader.text('SIGN_IN_CLIENT_SECRET') ?? '';
    if (EXAMPLE_VALUE.test(secret)) {
      reader.wrong('SIGN_IN_CLIENT_SECRET', 'is an example value.', "Set the app registration's own secret.");
    }
    return { kind: 'secret', secret };
  }
  const ownApplication =
    reader.isSet('SIGN_IN_CLIENT_ID') &&
    reader.text('SIGN_IN_CLIENT_ID')?.toLowerCase() !== tenant.clientId.toLowerCase();
  if (!ownApplication && tenant.credential.kind !== 'managed-identity') return tenant.credential;
  reader.wrong(
    'SIGN_IN_CLIENT_SECRET',
    ownApplication
      ? 'is missing although SIGN_IN_CLIENT_ID names an application of its own.'
      : 'is missing: a managed identity cannot sign people in.',
    'Set it to a client secret of that app registration, or set SIGN_IN_CLIENT_CERTIFICATE instead.',
  );
  return { kind: 'secret', secret: '' };
}

/**
 * How people sign in, looked up when it is needed: the demonstration may start later, or again with other keys.
 * @throws ConfigError when the settings leave the sign-in out or the demonstration does not run
 */
export function signInSettings(config: Config): SignInSettings {
  refuseWithoutSignIn(config);
  const settings = config.signIn ?? demonstrationSignIn(config.home);
  if (settings !== null) return settings;
  throw new ConfigError([
    {
      name: 'GRAPH_TENANT_ID',
      reason: 'is not set and the demonstration tenant, which has the sign-in, is not running.',
      fix: 'Run "npx untether demo start", or set the GRAPH_ settings of your own tenant.',
    },
  ]);
}

/**
 * For what starts the web process: of a real tenant's site nobody would see anything but a refusal.
 * @throws ConfigError when a real tenant's settings do not say where the site is
 */
export function refuseWithoutSignIn(config: Config): void {
  if (config.tenant.kind === 'demonstration' || config.signIn !== null) return;
  throw new ConfigError([
    {
      name: 'PUBLIC_URL',
      reason: 'is missing, so nobody could sign in.',
      fix: 'Set it to where people open the site, such as https://untether.council.example, and add its /sign-in/callback to the redirect URIs of the app registration.',
    },
  ]);
}
