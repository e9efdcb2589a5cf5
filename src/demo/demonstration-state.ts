import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { writePrivately } from './emulator/certificates.js';
import type { TenantStep } from './emulator/tenant-step.js';

/** Everything from which a demonstration is made again after a restart. */
export interface DemonstrationState {
  readonly seed: number;
  readonly people: number;
  /** The tenant's first day, an ISO 8601 date. */
  readonly startDate: string;
  /** Simulated days since then; follows from the steps and is there for people to read. */
  readonly day: number;
  /** The port of the last start: links that a client kept name it. */
  readonly port: number;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Secret from which the tokens in links are made, base64. */
  readonly tokenKey: string;
  /** What changed the tenant since its first day, in order. */
  readonly steps: readonly TenantStep[];
}

const DAY_MS = 86_400_000;
const DEFAULT_SEED = 1;
const DEFAULT_PEOPLE = 3500;

/** Wishes for a new demonstration; a resumed one must not contradict them. */
export interface DemonstrationWishes {
  readonly seed?: number;
  readonly people?: number;
  /** ISO 8601 date; yesterday when absent. */
  readonly startDate?: string;
}

/**
 * The state of the demonstration in a folder, or a new one.
 * @throws Error when the folder holds a demonstration other than the one wished for
 */
export async function loadOrCreateState(
  folder: string,
  wishes: DemonstrationWishes,
  now: Date,
): Promise<DemonstrationState> {
  const existing = await readState(folder);
  if (existing === undefined) {
    return {
      seed: wishes.seed ?? DEFAULT_SEED,
      people: wishes.people ?? DEFAULT_PEOPLE,
      // Yesterday, because the tenant's first day is nearly over: nothing in it lies in the future.
      startDate: wishes.startDate ?? new Date(now.getTime() - DAY_MS).toISOString().slice(0, 10),
      day: 0,
      port: 0,
      tenantId: randomUUID(),
      clientId: randomUUID(),
      clientSecret: randomBytes(24).toString('base64url'),
      tokenKey: randomBytes(32).toString('base64'),
      steps: [],
    };
  }
  for (const name of ['seed', 'people', 'startDate'] as const) {
    if (wishes[name] === undefined || wishes[name] === existing[name]) continue;
    const held = `${name} ${existing[name]}, not ${wishes[name]}`;
    throw new Error(
      `The folder holds a demonstration with ${held}. Choose another folder, or remove this one to start afresh.`,
    );
  }
  return existing;
}

/** Keeps the state in its folder, readable by its owner only. */
export async function saveState(folder: string, state: DemonstrationState): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writePrivately(stateFile(folder), `${JSON.stringify(state, null, 1)}\n`);
}

async function readState(folder: string): Promise<DemonstrationState | undefined> {
  try {
    return JSON.parse(await readFile(stateFile(folder), 'utf8')) as DemonstrationState;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function stateFile(folder: string): string {
  return join(folder, 'tenant.json');
}
