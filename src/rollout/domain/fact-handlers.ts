import type { MoveFact, MoveFactKind } from './move-fact.js';

/** What the facts of each kind do to a picture; a kind that is not named does nothing to it. */
export type FactHandlers<Picture> = {
  readonly [Kind in MoveFactKind]?: (picture: Picture, fact: Extract<MoveFact, { kind: Kind }>) => void;
};

/** Takes one more fact, of whatever kind, into a picture. */
export function applyFact<Picture>(handlers: FactHandlers<Picture>, picture: Picture, fact: MoveFact): void {
  // The handler under a kind takes the facts of this kind, which TypeScript cannot tie together.
  const handle = handlers[fact.kind] as ((picture: Picture, fact: MoveFact) => void) | undefined;
  handle?.(picture, fact);
}
