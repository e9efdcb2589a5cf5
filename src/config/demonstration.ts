import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Config, GraphSettings, SignInSettings } from './config.types.js';
import { ConfigError } from './config.error.js';

/** Folder of the demonstration tenant inside `UNTETHER_HOME`. */
export function demonstrationFolder(home: string): string {
  return path.join(home, 'demo');
}

/**
 * How to reach the running demonstration tenant, from the file that it writes when it starts; null when none runs.
 * The demonstration is a program of its own, so the file is all that both sides know of each other.
 */
export function demonstrationSettings(home: string): GraphSettings | null {
  const endpoint = readEndpoint(home);
  if (endpoint === null) return null;
  return {
    kind: 'demonstration',
    tenantId: endpoint('tenantId'),
    clientId: endpoint('clientId'),
    credential: { kind: 'secret', secret: endpoint('clientSecret') },
    baseUrl: endpoint('baseUrl'),
    authority: endpoint('authority'),
    caFile: endpoint('caFile'),
    httpsProxy: null,
  };
}

/**
 * How people sign in to the running demonstration; null when none runs. Its provider speaks plain http, so that no
 * browser warns of its certificate: for that alone an address of this machine is insisted on.
 */
export function demonstrationSignIn(home: string): SignInSettings | null {
  const endpoint = readEndpoint(home);
  const issuer = endpoint?.('signInIssuer') ?? '';
  if (endpoint === null || !issuer.startsWith('http://127.0.0.1:')) return null;
  return {
    kind: 'demonstration',
    tenantId: endpoint('tenantId').toLowerCase(),
    issuer,
    clientId: endpoint('clientId'),
    credential: { kind: 'secret', secret: endpoint('signInSecret') },
    caFile: null,
    httpsProxy: null,
  };
}

/** The texts that the running demonstration wrote, by name, empty for what is not there; null when none runs. */
function readEndpoint(home: string): ((name: string) => string) | null {
  let written: unknown;
  try {
    written = JSON.parse(readFileSync(path.join(demonstrationFolder(home), 'endpoint.json'), 'utf8'));
  } catch {
    return null;
  }
  const endpoint = written as Record<string, unknown>;
  if (typeof endpoint['pid'] !== 'number' || !isRunning(endpoint['pid'])) return null;
  return (name) => (typeof endpoint[name] === 'string' ? endpoint[name] : '');
}

/**
 * The settings of the tenant to read, looked up when they are needed: the demonstration tenant may start later, or again
 * at another address.
 * @throws ConfigError when the demonstration tenant is to be read and does not run.
 */
export function graphSettings(config: Config): GraphSettings {
  if (config.tenant.kind === 'tenant') return config.tenant;
  const settings = demonstrationSettings(config.home);
  if (settings !== null) return settings;
  throw new ConfigError([
    {
      name: 'GRAPH_TENANT_ID',
      reason: 'is not set and the demonstration tenant is not running.',
      fix: 'Run "npx untether demo start", or set the GRAPH_ settings of your own tenant.',
    },
  ]);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM means that the process exists and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
