import path from 'node:path';
import { readAuditSettings } from './audit-settings.js';
import { readBrand } from './brand.js';
import { readCallRecords } from './call-records-settings.js';
import { ConfigError } from './config.error.js';
import { readConnectionCheckSettings } from './connection-check-settings.js';
import {
  LOG_LEVELS,
  type Config,
  type GraphCredential,
  type LogLevelSetting,
  type TenantSettings,
} from './config.types.js';
import { isCron } from './cron.js';
import { readMailSettings } from './mail-settings.js';
import { NAMED_CLASSES, parseNamingConvention, type NamingPrefix } from './naming-convention.js';
import { EXAMPLE_VALUE, SettingsReader, type Environment } from './settings-reader.js';
import { readSignIn } from './sign-in-settings.js';
import { DEFAULT_SCHEDULES, SOURCE_NAMES, scheduleVariable, type SourceName } from './sources.js';
import { readWebSettings } from './web-settings.js';

const GRAPH_NAMES = [
  'GRAPH_TENANT_ID',
  'GRAPH_CLIENT_ID',
  'GRAPH_CLIENT_SECRET',
  'GRAPH_CLIENT_CERTIFICATE',
  'GRAPH_FEDERATED_TOKEN_FILE',
  'GRAPH_MANAGED_IDENTITY',
  'GRAPH_BASE_URL',
  'GRAPH_AUTHORITY',
  'GRAPH_CA_FILE',
] as const;

/** Tenant aliases that stand for "any tenant": a token from any of them proves nothing about which one. */
const ANY_TENANT = new Set(['common', 'organizations', 'consumers']);
const IDENTIFIER = /^[A-Za-z0-9][A-Za-z0-9.-]{0,127}$/;

/**
 * Turns the environment into one frozen object.
 * @throws ConfigError naming every setting that is wrong or half given, why, and the fix.
 */
export function loadConfig(environment: Environment = process.env): Config {
  const reader = new SettingsReader(environment);
  const place = {
    databaseUrl: readDatabaseUrl(reader),
    home: path.resolve(reader.text('UNTETHER_HOME') ?? '.untether'),
    port: reader.port('PORT', 3000) ?? 3000,
    metricsPort: reader.port('METRICS_PORT', null),
    web: readWebSettings(reader),
    connectionChecks: readConnectionCheckSettings(reader),
  };
  const tenant = readTenant(reader);
  const publicUrl = readPublicUrl(reader);
  const config: Config = {
    ...place,
    tenant,
    publicUrl,
    signIn: readSignIn(reader, tenant, publicUrl),
    brand: readBrand(reader),
    audit: readAuditSettings(reader, place.home),
    mail: readMailSettings(reader, publicUrl),
    logLevel: readLogLevel(reader),
    schedules: readSchedules(reader),
    callRecords: readCallRecords(reader, tenant),
    recordCap: readRecordCap(reader),
    namingConvention: readNamingConvention(reader),
  };
  if (reader.problems.length > 0) throw new ConfigError(reader.problems);
  return deepFreeze(config);
}

function readDatabaseUrl(reader: SettingsReader): string | null {
  const value = reader.text('DATABASE_URL');
  if (value === null) return null;
  if (!URL.canParse(value) || !/^postgres(ql)?:$/.test(new URL(value).protocol)) {
    reader.wrong(
      'DATABASE_URL',
      'is not a Postgres connection address.',
      'Give one such as postgres://untether@database.example:5432/untether, or leave it out for the embedded database.',
    );
  }
  return value;
}

/** Plain http only for this machine, which Entra ID allows as well (learn.microsoft.com/entra/identity-platform/reply-url). */
function readPublicUrl(reader: SettingsReader): string | null {
  const value = reader.text('PUBLIC_URL');
  if (value === null) return null;
  const url = URL.canParse(value) ? new URL(value) : null;
  const secure = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (!url || !secure || url.username || url.password || url.search || url.hash || url.pathname !== '/') {
    reader.wrong(
      'PUBLIC_URL',
      'is not a plain https:// origin.',
      'Give where people open the site, such as https://untether.council.example; http:// only for localhost.',
    );
    return null;
  }
  return url.origin;
}

function isLoopback(hostname: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

function readTenant(reader: SettingsReader): TenantSettings {
  const given = GRAPH_NAMES.filter((name) => reader.isSet(name));
  if (given.length === 0) return { kind: 'demonstration' };

  const missing = (name: string, what: string): string => {
    // A file that was named and could not be used has been reported already.
    if (reader.isSet(name)) return '';
    reader.wrong(
      name,
      `is missing although ${given.join(', ')} ${given.length === 1 ? 'is' : 'are'} set.`,
      `Set it to ${what}, or unset every GRAPH_ setting for the demonstration tenant.`,
    );
    return '';
  };
  const tenantId = reader.text('GRAPH_TENANT_ID') ?? missing('GRAPH_TENANT_ID', "the tenant's id");
  const clientId = reader.text('GRAPH_CLIENT_ID') ?? missing('GRAPH_CLIENT_ID', "the app registration's client id");
  if (ANY_TENANT.has(tenantId.toLowerCase())) {
    reader.wrong('GRAPH_TENANT_ID', 'stands for any tenant.', "Give your own tenant's id.");
  } else if (EXAMPLE_VALUE.test(tenantId)) {
    reader.wrong('GRAPH_TENANT_ID', 'is an example value.', "Give your own tenant's id.");
  } else if (tenantId !== '' && !IDENTIFIER.test(tenantId)) {
    reader.wrong('GRAPH_TENANT_ID', 'is not a tenant id or domain.', 'Copy it from Entra ID, Overview.');
  }
  if (EXAMPLE_VALUE.test(clientId)) {
    reader.wrong('GRAPH_CLIENT_ID', 'is an example value.', "Give the app registration's own client id.");
  } else if (clientId !== '' && !IDENTIFIER.test(clientId)) {
    reader.wrong('GRAPH_CLIENT_ID', 'is not a client id.', 'Copy it from the app registration, Overview.');
  }
  const baseUrl = reader.origin('GRAPH_BASE_URL', 'https://graph.microsoft.com', /^\/(v1\.0\/?)?$/);
  return {
    kind: 'tenant',
    tenantId,
    clientId,
    credential: readCredential(reader, missing),
    baseUrl,
    authority: reader.origin('GRAPH_AUTHORITY', 'https://login.microsoftonline.com', /^\/[A-Za-z0-9.-]*\/?$/),
    caFile: reader.file('GRAPH_CA_FILE'),
    httpsProxy: readProxy(reader, new URL(baseUrl).hostname),
  };
}

function readCredential(reader: SettingsReader, missing: (name: string, what: string) => string): GraphCredential {
  const names = [
    'GRAPH_CLIENT_SECRET',
    'GRAPH_CLIENT_CERTIFICATE',
    'GRAPH_FEDERATED_TOKEN_FILE',
    'GRAPH_MANAGED_IDENTITY',
  ].filter((name) => reader.isSet(name));
  if (names.length > 1) {
    reader.wrong(names.join(', '), 'are given together.', 'Keep one of them; a certificate is safer than a secret.');
  }
  if (reader.isSet('GRAPH_MANAGED_IDENTITY')) {
    const identity = reader.text('GRAPH_MANAGED_IDENTITY');
    return { kind: 'managed-identity', clientId: identity === 'system' ? null : identity };
  }
  if (reader.isSet('GRAPH_FEDERATED_TOKEN_FILE')) {
    return { kind: 'federated-token', tokenFile: reader.file('GRAPH_FEDERATED_TOKEN_FILE') ?? '' };
  }
  if (reader.isSet('GRAPH_CLIENT_CERTIFICATE')) {
    return { kind: 'certificate', pem: reader.certificate('GRAPH_CLIENT_CERTIFICATE') };
  }
  const secret =
    reader.text('GRAPH_CLIENT_SECRET') ??
    missing('GRAPH_CLIENT_SECRET', 'a client secret, or set GRAPH_CLIENT_CERTIFICATE instead');
  if (EXAMPLE_VALUE.test(secret)) {
    reader.wrong('GRAPH_CLIENT_SECRET', 'is an example value.', "Set the app registration's own secret.");
  }
  return { kind: 'secret', secret };
}

/** The egress proxy, unless the Graph host is on this machine or listed in NO_PROXY. */
function readProxy(reader: SettingsReader, graphHost: string): string | null {
  const value = reader.text('HTTPS_PROXY');
  if (value === null) return null;
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) {
    reader.wrong(
      'HTTPS_PROXY',
      'is not an http:// or https:// address.',
      'Give one such as http://proxy.example:8080.',
    );
  }
  const exempt = (reader.text('NO_PROXY') ?? '').split(',').map((host) => host.trim().replace(/^\*?\./, ''));
  const direct = ['localhost', '127.0.0.1', '[::1]', ...exempt.filter((host) => host !== '')];
  return direct.some((host) => host === '*' || graphHost === host || graphHost.endsWith(`.${host}`)) ? null : value;
}

function readLogLevel(reader: SettingsReader): LogLevelSetting {
  const value = reader.text('LOG_LEVEL');
  if (value === null) return 'info';
  const level = LOG_LEVELS.find((known) => known === value);
  if (!level) reader.wrong('LOG_LEVEL', 'is not a known level.', `Give one of ${LOG_LEVELS.join(', ')}.`);
  return level ?? 'info';
}

function readSchedules(reader: SettingsReader): Record<SourceName, string | null> {
  const schedules: Record<SourceName, string | null> = { ...DEFAULT_SCHEDULES };
  for (const source of SOURCE_NAMES) {
    const name = scheduleVariable(source);
    const value = reader.text(name);
    if (value === null) continue;
    if (value === 'off') {
      schedules[source] = null;
      continue;
    }
    if (!isCron(value)) {
      reader.wrong(
        name,
        'is not a cron expression of five fields.',
        `Give one such as "${DEFAULT_SCHEDULES[source]}" (minute, hour, day, month, weekday; UTC), or "off".`,
      );
    }
    schedules[source] = value;
  }
  return schedules;
}

function readRecordCap(reader: SettingsReader): number {
  const value = reader.text('SYNC_RECORD_CAP');
  // 500,000 is over a hundred times this council's largest collection; a wrong tenant is noticed long before it.
  if (value === null) return 500_000;
  if (!/^[1-9]\d{0,8}$/.test(value)) {
    reader.wrong('SYNC_RECORD_CAP', 'is not a whole number of records.', 'Give a number such as 500000.');
    return 500_000;
  }
  return Number(value);
}

function readNamingConvention(reader: SettingsReader): NamingPrefix[] {
  const value = reader.text('NAMING_CONVENTION');
  const prefixes = value === null ? [] : parseNamingConvention(value);
  if (prefixes === null) {
    reader.wrong(
      'NAMING_CONVENTION',
      'is not a list of beginnings of hostnames with their class.',
      `Give one such as "LT-=laptop, DT-=desktop"; classes are ${NAMED_CLASSES.join(', ')}.`,
    );
  }
  return prefixes ?? [];
}

function deepFreeze<T extends object>(value: T): T {
  for (const child of Object.values(value))
    if (typeof child === 'object' && child !== null) deepFreeze(child as object);
  return Object.freeze(value);
}
