import type { Actor } from '../../audit/actor.js';
import type { Commander } from '../domain/lifecycle/decision.js';

/** Who commands: for the history and the audit trail, and for what they may do. */
export interface CustodyActor extends Commander {
  readonly actor: Actor;
}
