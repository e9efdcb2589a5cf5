import type { Connection } from './network-words.js';

/** What was carried in a call, as far as networks care. */
export const CALL_MEDIA = ['audio', 'video', 'screen_sharing', 'other'] as const;
export type CallMedia = (typeof CALL_MEDIA)[number];

/**
 * One person's side of one medium in one stretch of a call. The addresses are here only until the place has been told
 * from them; nobody stores or logs them.
 */
export interface CallSide {
  /** Names the stretch within its call. */
  readonly segment: string;
  readonly media: CallMedia;
  /** Object id in Entra ID, in lower case; not everybody here is one of our people. */
  readonly personEntraId: string;
  /** ISO 8601 in UTC. */
  readonly startedAt: string;
  readonly seconds: number;
  readonly connection: Connection;
  /** The machine's own address. */
  readonly localAddress: string | null;
  readonly subnet: string | null;
  /** The address under which it shows on the internet. */
  readonly publicAddress: string | null;
  readonly roundTripMs: number | null;
  readonly jitterMs: number | null;
  /** Packets that did not arrive, from 0 to 1. */
  readonly lossRatio: number | null;
}

/** One version of a call with the sides of everybody in it. */
export interface MeasuredCall {
  readonly callId: string;
  /** Rises whenever more becomes known of the call. */
  readonly version: number;
  /** ISO 8601 in UTC. */
  readonly startedAt: string;
  readonly sides: readonly CallSide[];
}
