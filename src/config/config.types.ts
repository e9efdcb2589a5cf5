import type { AuditSettings } from './audit-settings.js';
import type { BrandSettings } from './brand.js';
import type { ConnectionCheckSettings } from './connection-check-settings.js';
import type { MailSettings } from './mail-settings.js';
import type { NamingPrefix } from './naming-convention.js';
import type { SourceName } from './sources.js';
import type { WebSettings } from './web-settings.js';

/** How Untether proves to Microsoft Entra ID which application it is. */
export type GraphCredential =
  | { readonly kind: 'secret'; readonly secret: string }
  /** `pem` holds the certificate and its private key, one after the other. */
  | { readonly kind: 'certificate'; readonly pem: string }
  /** Workload identity federation: a file that the platform keeps filled with a fresh token. */
  | { readonly kind: 'federated-token'; readonly tokenFile: string }
  /** Azure managed identity; `clientId` names a user-assigned one, null means the system-assigned one. */
  | { readonly kind: 'managed-identity'; readonly clientId: string | null };

/** Everything needed to reach one tenant's Microsoft Graph. */
export interface GraphSettings {
  readonly kind: 'demonstration' | 'tenant';
  readonly tenantId: string;
  readonly clientId: string;
  readonly credential: GraphCredential;
  /** Origin of Graph without path or trailing slash, such as `https://graph.microsoft.com`. */
  readonly baseUrl: string;
  /** Origin of the sign-in service without path or trailing slash, such as `https://login.microsoftonline.com`. */
  readonly authority: string;
  /** PEM file with certificate authorities to trust besides the built-in ones. */
  readonly caFile: string | null;
  /** Egress proxy as a URL, or null for a direct connection. */
  readonly httpsProxy: string | null;
}

/** How the application proves to the sign-in service which one it is when it redeems a code. */
export type SignInCredential = Exclude<GraphCredential, { readonly kind: 'managed-identity' }>;

/** Everything needed to let the people of one tenant sign in. */
export interface SignInSettings {
  readonly kind: 'demonstration' | 'tenant';
  /** The one tenant whose people may come in, a GUID in lower case. */
  readonly tenantId: string;
  /** The one issuer whose tokens count, such as `https://login.microsoftonline.com/<tenant>/v2.0`. */
  readonly issuer: string;
  readonly clientId: string;
  readonly credential: SignInCredential;
  /** PEM file with certificate authorities to trust besides the built-in ones. */
  readonly caFile: string | null;
  /** Egress proxy as a URL, or null for a direct connection. */
  readonly httpsProxy: string | null;
}

/** The tenant that Untether reads: a real one, or the built-in demonstration, whose address is known once it runs. */
export type TenantSettings = { readonly kind: 'demonstration' } | (GraphSettings & { readonly kind: 'tenant' });

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevelSetting = (typeof LOG_LEVELS)[number];

/** Every setting, checked; made once at the start of a process by `loadConfig`. */
export interface Config {
  /** Connection URL of a Postgres server, or null for the embedded Postgres in `home`. */
  readonly databaseUrl: string | null;
  /** Folder for the embedded database and the demonstration tenant. */
  readonly home: string;
  readonly port: number;
  /** Port of the metrics and sync-health listener on loopback, or null when it is off. */
  readonly metricsPort: number | null;
  readonly web: WebSettings;
  readonly connectionChecks: ConnectionCheckSettings;
  readonly tenant: TenantSettings;
  /** Origin at which people open the site, such as `https://untether.council.example`; null when it is not said. */
  readonly publicUrl: string | null;
  /** How people of a real tenant sign in; null for the demonstration, and where `publicUrl` is. */
  readonly signIn: SignInSettings | null;
  readonly brand: BrandSettings;
  readonly audit: AuditSettings;
  /** How messages of a real tenant are sent; null where no mail server is named, and they are kept. */
  readonly mail: MailSettings | null;
  readonly logLevel: LogLevelSetting;
  /** Cron expression in UTC for each source; null switches a source off. */
  readonly schedules: Readonly<Record<SourceName, string | null>>;
  /** Cron expression in UTC for Teams call records; null when they are not read. */
  readonly callRecords: string | null;
  /** Most records that one run may read before it is held, a guard against reading a wrong tenant. */
  readonly recordCap: number;
  /** What hostnames say of machines whose model says nothing; empty when the organisation has no convention. */
  readonly namingConvention: readonly NamingPrefix[];
}
