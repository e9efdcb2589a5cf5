import type { ClaimedMessage } from './message-claims.service.js';

/** A message as it goes to its one recipient. */
export interface Mail {
  /** A checked address out of the directory. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** A way to deliver messages, which also writes down what became of each. */
export interface Post {
  /** @throws LostClaimError when the message is not this process's any more; then nothing was delivered. */
  deliver(message: ClaimedMessage, mail: Mail): Promise<void>;
}

/** Injection token of the `Post`; null where messages have to wait because no mail server is named. */
export const POST = Symbol('POST');

/** Moments of sending at which a process may die. */
export const DISPATCH_POINTS = [
  'before-claim',
  'claimed',
  'composed',
  'connected',
  'marked',
  'handed-over',
  'finished',
] as const;
export type DispatchPoint = (typeof DISPATCH_POINTS)[number];

/** Called at every point, so that a test can end or pause the process there; the application gives none. */
export type DispatchHook = (point: DispatchPoint) => Promise<void>;

/** Injection token of an optional `DispatchHook`. */
export const DISPATCH_HOOK = Symbol('DISPATCH_HOOK');
