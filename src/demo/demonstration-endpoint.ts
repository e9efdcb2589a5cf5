import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where a running demonstration is and how to reach it: the content of `endpoint.json` in its folder. */
export interface DemonstrationEndpoint {
  readonly pid: number;
  /** Origin of the emulated Graph, without a path. */
  readonly baseUrl: string;
  /** Origin of the emulated sign-in service, without a path. */
  readonly authority: string;
  /** PEM file of the authority that signed the emulator's certificate. */
  readonly caFile: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Issuer of the sign-in server for people, such as `http://127.0.0.1:4711/<tenant>/v2.0`. */
  readonly signInIssuer: string;
  /** Secret with which the application redeems codes there; new with every start. */
  readonly signInSecret: string;
  readonly adminKey: string;
  readonly seed: number;
  readonly people: number;
  /** ISO 8601 in UTC. */
  readonly startedAt: string;
}

/** The file in a demonstration's folder that holds its endpoint while it runs. */
export function endpointFile(folder: string): string {
  return join(folder, 'endpoint.json');
}

/** Reads the endpoint of the demonstration in a folder; undefined when none runs there. */
export async function readEndpoint(folder: string): Promise<DemonstrationEndpoint | undefined> {
  try {
    return JSON.parse(await readFile(endpointFile(folder), 'utf8')) as DemonstrationEndpoint;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
