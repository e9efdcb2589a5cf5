import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CREDENTIALS, type EmulatorFixture } from '../support/emulator-fixture.js';

/** The compiled command; `npm test` builds it first. */
export const CLI = path.join(import.meta.dirname, '..', '..', 'dist', 'cli.js');

/** How a command ended and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Settings = Readonly<Record<string, string>>;

/** Starts the command as a shell would, with these settings and none of the ones around the test. */
export function startCommand(args: readonly string[], settings: Settings = {}): ChildProcess {
  if (!existsSync(CLI)) throw new Error('There is no dist/cli.js: run "npm run build" first.');
  const { PATH = '', HOME = '', TMPDIR } = process.env;
  return spawn(process.execPath, [CLI, ...args], {
    env: { PATH, HOME, ...(TMPDIR === undefined ? {} : { TMPDIR }), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs the command to its end. */
export async function runCommand(args: readonly string[], settings: Settings = {}): Promise<Ended> {
  const child = startCommand(args, settings);
  const [stdout, stderr, [code]] = await Promise.all([
    collected(child.stdout),
    collected(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}

async function collected(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = '';
  for await (const chunk of stream ?? []) text += String(chunk);
  return text;
}

/** A folder for UNTETHER_HOME that is removed again. */
export function temporaryHome(): { readonly home: string; readonly remove: () => void } {
  const home = mkdtempSync(path.join(tmpdir(), 'untether-cli-'));
  return { home, remove: () => rmSync(home, { recursive: true, force: true }) };
}

/** Settings that make the command read the emulator into a database. */
export function settingsFor(fixture: EmulatorFixture, databaseUrl: string, home: string): Settings {
  return {
    DATABASE_URL: databaseUrl,
    UNTETHER_HOME: home,
    GRAPH_TENANT_ID: CREDENTIALS.tenantId,
    GRAPH_CLIENT_ID: CREDENTIALS.clientId,
    GRAPH_CLIENT_SECRET: CREDENTIALS.clientSecret,
    GRAPH_BASE_URL: fixture.emulator.origin,
    GRAPH_AUTHORITY: fixture.emulator.origin,
    GRAPH_CA_FILE: fixture.authorityFile,
  };
}
