import { readFile } from 'node:fs/promises';
import { request } from 'node:https';

import type { DemonstrationEndpoint } from './demonstration-endpoint.js';
import { ADMIN_KEY_HEADER, ADMIN_PATH } from './emulator/admin-service.js';
import type { FaultKind } from './emulator/faults/catalogue.js';
import type { Fault } from './emulator/faults/fault.js';
import type { ActiveFault } from './emulator/faults/fault-set.js';
import type { LoggedRequest, RequestCounters } from './emulator/request-log.js';
import type { TenantStep } from './emulator/tenant-step.js';
import type { NetworkStory } from './tenant/network-records.js';
import type { RequestsStory } from './tenant/requests-records.js';
import type { DaySummary } from './tenant/tenant-store.js';

const TIMEOUT_MS = 60_000;

/** What a running demonstration says of itself. */
export interface DemonstrationStatus {
  readonly banner: string;
  readonly seed: number;
  readonly day: number;
  readonly today: string;
  readonly records: Readonly<Record<string, number>>;
  /** How many faults are switched on. */
  readonly faults: number;
  readonly requests: RequestCounters;
  readonly supportedPaths: readonly string[];
  readonly unsupported: string;
}

/** The demonstration refused a request; the message is meant for people. */
export class DemonstrationRefusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = 'DemonstrationRefusal';
  }
}

/**
 * Asks the administration surface of a running demonstration.
 * @param path below the administration path, such as `/faults`; empty for the status
 * @throws DemonstrationRefusal for an answer that is not a success, or the connection's error when nothing answers
 */
export async function demonstrationRequest(
  endpoint: DemonstrationEndpoint,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  content?: unknown,
): Promise<unknown> {
  const ca = await readFile(endpoint.caFile, 'utf8');
  const body = content === undefined ? undefined : JSON.stringify(content);
  const { status, text } = await exchange(
    `${endpoint.baseUrl}${ADMIN_PATH}${path}`,
    method,
    endpoint.adminKey,
    ca,
    body,
  );
  const answer: unknown = text === '' ? undefined : JSON.parse(text);
  if (status < 300) return answer;
  const message = (answer as { readonly error?: unknown } | undefined)?.error;
  throw new DemonstrationRefusal(
    status,
    typeof message === 'string' ? message : `The demonstration answered ${status}.`,
  );
}

/** What the demonstration is, holds and has answered. */
export async function demonstrationStatus(endpoint: DemonstrationEndpoint): Promise<DemonstrationStatus> {
  return (await demonstrationRequest(endpoint, 'GET', '')) as DemonstrationStatus;
}

/** Lets the tenant live through whole days; what happened on each. */
export async function advanceDemonstration(
  endpoint: DemonstrationEndpoint,
  days: number,
): Promise<{ readonly day: number; readonly today: string; readonly days: readonly DaySummary[] }> {
  const answer = await demonstrationRequest(endpoint, 'POST', '/advance', { days });
  return answer as { readonly day: number; readonly today: string; readonly days: readonly DaySummary[] };
}

/** The faults that are switched on, and every fault there is with its description. */
export async function demonstrationFaults(
  endpoint: DemonstrationEndpoint,
): Promise<{ readonly active: readonly ActiveFault[]; readonly catalogue: Readonly<Record<string, FaultKind>> }> {
  const answer = await demonstrationRequest(endpoint, 'GET', '/faults');
  return answer as { readonly active: readonly ActiveFault[]; readonly catalogue: Readonly<Record<string, FaultKind>> };
}

/** Switches a fault on; its id. */
export async function addDemonstrationFault(endpoint: DemonstrationEndpoint, fault: Fault): Promise<string> {
  return ((await demonstrationRequest(endpoint, 'POST', '/faults', fault)) as { readonly id: string }).id;
}

/** Switches one fault off, or all of them. */
export async function clearDemonstrationFaults(endpoint: DemonstrationEndpoint, id?: string): Promise<void> {
  await demonstrationRequest(endpoint, 'DELETE', `/faults${id === undefined ? '' : `?id=${encodeURIComponent(id)}`}`);
}

/** What the programme office of the council has on record of its rollout, as a file for a take-over has it. */
export async function demonstrationProgrammeHistory(endpoint: DemonstrationEndpoint): Promise<unknown> {
  return demonstrationRequest(endpoint, 'GET', '/programme-history');
}

/** What the network team of the council has on record, on the first day. */
export async function demonstrationNetworks(endpoint: DemonstrationEndpoint): Promise<NetworkStory> {
  return (await demonstrationRequest(endpoint, 'GET', '/networks')) as NetworkStory;
}

/** What the stores and finance of the council have on record of requests for equipment, on the first day. */
export async function demonstrationEquipmentRequests(endpoint: DemonstrationEndpoint): Promise<RequestsStory> {
  return (await demonstrationRequest(endpoint, 'GET', '/equipment-requests')) as RequestsStory;
}

/** Changes the tenant by one step other than living through days. */
export async function changeDemonstration(endpoint: DemonstrationEndpoint, step: TenantStep): Promise<void> {
  await demonstrationRequest(endpoint, 'POST', '/records', step);
}

/** The latest requests that the demonstration answered, with totals over all of them. */
export async function demonstrationRequests(
  endpoint: DemonstrationEndpoint,
): Promise<{ readonly counters: RequestCounters; readonly latest: readonly LoggedRequest[] }> {
  const answer = await demonstrationRequest(endpoint, 'GET', '/requests');
  return answer as { readonly counters: RequestCounters; readonly latest: readonly LoggedRequest[] };
}

async function exchange(
  url: string,
  method: string,
  adminKey: string,
  ca: string,
  body: string | undefined,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      [ADMIN_KEY_HEADER]: adminKey,
      connection: 'close',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    const outgoing = request(url, { method, headers, ca, timeout: TIMEOUT_MS }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      );
      response.on('error', reject);
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error('The demonstration did not answer in time.')));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
