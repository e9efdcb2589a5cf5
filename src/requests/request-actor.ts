import type { Actor } from '../audit/actor.js';

/** Who gives a command about requests, and what they may do. */
export interface RequestActor {
  readonly actor: Actor;
  /** Their own object id, or null for a program. */
  readonly personEntraId: string | null;
  readonly permissions: ReadonlySet<string>;
}
