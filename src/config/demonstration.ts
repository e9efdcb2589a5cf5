import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Config, GraphSettings } from './config.types.js';
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
  let written: unknown;
  try {
    written = JSON.parse(readFileSync(path.join(demonstrationFolder(home), 'endpoint.json'), 'utf8'));
  } catch {
    return null;
  }
  const endpoint = written as Record<string, unknown>;
  const text = (name: string): string => (typeof endpoint[name] === 'string' ? endpoint[name] : '');
  if (typeof endpoint['pid'] !== 'number' || !isRunning(endpoint['pid'])) return null;
  return {
    kind: 'demonstration',
    tenantId: text('tenantId'),
    clientId: text('clientId'),
    credential: { kind: 'secret', secret: text('clientSecret') },
    baseUrl: text('baseUrl'),
    authority: text('authority'),
    caFile: text('caFile'),
    httpsProxy: null,
  };
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
