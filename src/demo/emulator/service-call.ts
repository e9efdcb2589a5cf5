import type { CallBook } from '../tenant/call-book.js';
import type { AccessGrant } from './access-tokens.js';
import type { EmulatedRequest } from './exchange.js';
import type { Effect } from './faults/fault-set.js';
import { effectNamed } from './faults/fault-set.js';
import type { PageTokens } from './page-tokens.js';
import type { RecordSerialiser } from './projection.js';
import type { QueryOptions } from './query-options.js';
import type { TenantView } from './tenant-view.js';

/** What every Graph service of the emulator works with. */
export interface GraphContext {
  readonly view: TenantView;
  readonly serialiser: RecordSerialiser;
  /** Absent where no call records are served. */
  readonly calls: CallBook | undefined;
  readonly tokens: PageTokens;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly tenantId: string;
  /** Rows of a delta page. */
  readonly deltaPageSize: number;
  /** Replaces the default page sizes, so that a small tenant has many pages. */
  readonly pageSizeLimit: number | undefined;
}

/** One authorised request on its way to its answer. */
export interface ServiceCall {
  readonly request: EmulatedRequest;
  readonly options: QueryOptions;
  readonly grant: AccessGrant;
  readonly effects: readonly Effect[];
}

/** The body of a successful answer with its headers besides the standard ones. */
export interface ServiceResult {
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Seconds by which writes are invisible to this call. */
export function visibilityDelay(call: ServiceCall): number {
  return effectNamed(call.effects, 'propagation-delay')?.fault.seconds ?? 0;
}

/** Whether the caller asked for the eventually consistent index. */
export function wantsEventualConsistency(call: ServiceCall): boolean {
  return call.request.headers['consistencylevel']?.toLowerCase() === 'eventual';
}

/** The metadata address that answers carry, with its fragment. */
export function contextUrl(call: ServiceCall, fragment: string): string {
  return `${call.request.origin}/v1.0/$metadata#${fragment}`;
}

/** URL of the request as it was made. */
export function ownUrl(call: ServiceCall): string {
  const { origin, path, query } = call.request;
  return `${origin}${path}${query === '' ? '' : `?${query}`}`;
}
