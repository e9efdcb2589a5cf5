import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';

import { demonstrationStatus } from './demonstration-client.js';
import { type DemonstrationEndpoint, endpointFile, readEndpoint } from './demonstration-endpoint.js';
import {
  type DemonstrationState,
  type DemonstrationWishes,
  loadOrCreateState,
  saveState,
} from './demonstration-state.js';
import { loadOrCreateServerCertificate, writePrivately } from './emulator/certificates.js';
import { type Emulator, type EmulatorOptions, startEmulator } from './emulator/emulator.js';
import { applyStep, type TenantStep } from './emulator/tenant-step.js';
import { castOf, choosePersonas } from './sign-in/personas.js';
import { startSignInServer } from './sign-in/sign-in-server.js';
import { DemonstrationCalls } from './tenant/calls.js';
import { createTenant } from './tenant/demonstration-tenant.js';

/** Where a demonstration lives and what it is made of. */
export interface DemonstrationSettings extends DemonstrationWishes {
  /** Folder of the demonstration's files; made when it is not there. */
  readonly folder: string;
  /** Absent takes the port of the last start if it is free, otherwise any free one. */
  readonly port?: number;
}

/** A running demonstration. */
export interface Demonstration {
  readonly endpoint: DemonstrationEndpoint;
  /** Ends it and removes its endpoint file; the tenant stays as it is for the next start. */
  stop(): Promise<void>;
}

/**
 * Creates or resumes the synthetic tenant in a folder and serves it. A resumed tenant is made again from its seed and its
 * steps, so that the delta tokens of a client still mean the same.
 * @throws Error when one already runs in the folder, when the folder holds a different one, or when the port is taken
 */
export async function startDemonstration(settings: DemonstrationSettings): Promise<Demonstration> {
  const folder = resolve(settings.folder);
  await refuseIfRunning(folder);
  const now = new Date();
  let state = await loadOrCreateState(folder, settings, now);
  const certificate = await loadOrCreateServerCertificate(folder, now);
  const firstDay = { seed: state.seed, people: state.people, startDate: state.startDate };
  const tenant = createTenant(firstDay);
  const personas = choosePersonas(tenant);
  for (const step of state.steps) applyStep(tenant, step);

  // Writes follow one another, so that the file always ends up with the latest state.
  let saved = Promise.resolve();
  const keep = (change: Partial<DemonstrationState>): Promise<void> => {
    state = { ...state, ...change };
    saved = saved.then(() => saveState(folder, state));
    return saved;
  };
  const adminKey = randomBytes(24).toString('base64url');
  const emulator = await startOnKeptPort(settings.port, state.port, {
    tenant,
    calls: new DemonstrationCalls(tenant, state.tenantId),
    certificate,
    credentials: { tenantId: state.tenantId, clientId: state.clientId, clientSecret: state.clientSecret },
    tokenKey: Buffer.from(state.tokenKey, 'base64'),
    adminKey,
    // Of a tenant of its own, since the stories are told of the first day.
    stories: {
      programme: () => createTenant(firstDay).programmeStory(),
      networks: () => createTenant(firstDay).networkStory(),
      requests: () => createTenant(firstDay).requestsStory(castOf(personas)),
    },
    onStep: (step: TenantStep) => keep({ steps: [...state.steps, step], day: tenant.day }),
  });
  await keep({ port: Number(new URL(emulator.origin).port) });
  const signInSecret = randomBytes(24).toString('base64url');
  const { tenantId, clientId } = state;
  const signIn = await startSignInServer({ tenant, personas, tenantId, clientId, clientSecret: signInSecret });

  const endpoint: DemonstrationEndpoint = {
    pid: process.pid,
    baseUrl: emulator.origin,
    authority: emulator.origin,
    caFile: certificate.authorityFile,
    tenantId: state.tenantId,
    clientId: state.clientId,
    clientSecret: state.clientSecret,
    signInIssuer: signIn.issuer,
    signInSecret,
    adminKey,
    seed: state.seed,
    people: state.people,
    startedAt: now.toISOString(),
  };
  await writePrivately(endpointFile(folder), `${JSON.stringify(endpoint, null, 2)}\n`);
  return {
    endpoint,
    stop: async () => {
      await signIn.stop();
      await emulator.stop();
      await saved;
      const written = await readEndpoint(folder);
      if (written?.adminKey === adminKey) await rm(endpointFile(folder));
    },
  };
}

async function startOnKeptPort(wished: number | undefined, kept: number, options: EmulatorOptions): Promise<Emulator> {
  try {
    return await startEmulator({ ...options, port: wished ?? kept });
  } catch (error) {
    if (wished !== undefined || kept === 0 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return startEmulator({ ...options, port: 0 });
  }
}

// An endpoint file alone proves nothing: a process that was killed leaves it behind.
async function refuseIfRunning(folder: string): Promise<void> {
  const endpoint = await readEndpoint(folder);
  if (endpoint === undefined) return;
  const answers = await demonstrationStatus(endpoint).then(
    () => true,
    () => false,
  );
  if (answers) throw new Error(`A demonstration already runs in this folder, as process ${endpoint.pid}.`);
}
