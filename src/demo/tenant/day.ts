import type { Random } from './random.js';
import type { World } from './world.js';

/** One simulated day while it passes: its chances depend on the seed and the day alone, so that days can be lived in any portions. */
export interface Day {
  readonly world: World;
  readonly random: Random;
  readonly weekend: boolean;
  /** Counts an event of the day. */
  readonly count: (event: string) => void;
}
