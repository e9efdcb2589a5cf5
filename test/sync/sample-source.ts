import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { SourceName } from '../../src/config/sources.js';
import type { ReadKind } from '../../src/sync/domain/record-conversion.js';

/** Answers of Graph that may lie beside the project; they are not part of it. */
export const SHARED_GRAPH = path.join(import.meta.dirname, '..', '..', '..', 'shared', 'graph');

/** One answer of Graph and what it is an example of. */
export interface Sample {
  readonly file: string;
  readonly source: SourceName;
  readonly read: ReadKind;
  readonly records: readonly Readonly<Record<string, unknown>>[];
}

/** Which file names hold records of which source. */
const NAMES: readonly (readonly [RegExp, SourceName])[] = [
  // The details of a person's licences are a resource of their own, which is not read.
  [/^users?-(?!licenseDetails)|^graph-users-/, 'users'],
  [/^devices?-(?!registered)/, 'entra-devices'],
  [/^managedDevices?-/, 'managed-devices'],
  [/^windowsAutopilotDeviceIdentities-/, 'autopilot'],
  [/^uxa-workFromAnywhere-metricDevices-v1/, 'windows-readiness'],
  [/^subscribedSkus?-/, 'subscribed-skus'],
];

/** Reads the records out of an answer: a list, one record, one in a `value` as Intune's pages show it, or recordings. */
export function sampleOf(file: string, body: unknown): Sample | null {
  const source = NAMES.find(([name]) => name.test(file))?.[1];
  if (source === undefined) return null;
  const read = file.includes('-delta') ? 'delta' : 'full';
  return { file, source, read, records: recordsOf(body) };
}

function recordsOf(body: unknown): Readonly<Record<string, unknown>>[] {
  if (Array.isArray(body)) return body.flatMap((exchange: { body: unknown }) => recordsOf(exchange.body));
  const { value } = body as { value?: unknown };
  if (value === undefined) return [body as Record<string, unknown>];
  return (Array.isArray(value) ? value : [value]) as Record<string, unknown>[];
}

/** Every JSON file in a folder beside the project; none when it is absent. */
export function filesOf(folder: string): { file: string; body: unknown }[] {
  const at = path.join(SHARED_GRAPH, folder);
  if (!existsSync(at)) return [];
  return readdirSync(at)
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({ file, body: JSON.parse(readFileSync(path.join(at, file), 'utf8')) as unknown }));
}
