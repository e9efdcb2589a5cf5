import { faultKind, type FaultKind, type FaultName } from './catalogue.js';
import { decide, EMPTY_TALLY, type Fault, type FaultSubject, type FaultTally, parseFault } from './fault.js';

/** A fault that is switched on, with what it has done. */
export interface ActiveFault {
  readonly id: string;
  readonly fault: Fault;
  readonly tally: FaultTally;
}

/** A fault that hits one request. */
export interface Effect {
  readonly id: string;
  readonly fault: Fault;
  /** Seed of everything random in it; the same for every request. */
  readonly seed: number;
  /** Counts the hits of this fault, from 1. */
  readonly hit: number;
}

// Whole answers first: they hide what the other faults would do.
const STAGES: readonly FaultKind['stage'][] = ['answer', 'token', 'content', 'damage', 'wire'];

/** The faults that are switched on. */
export class FaultSet {
  private readonly active = new Map<string, ActiveFault>();
  private lastNumber = 0;

  constructor(private readonly seed: number) {}

  /**
   * Switches a fault on and returns its id.
   * @throws RangeError when the fault is not well formed
   */
  add(input: Fault): string {
    const fault = parseFault(input);
    this.lastNumber += 1;
    const id = `fault-${this.lastNumber}`;
    this.active.set(id, { id, fault, tally: EMPTY_TALLY });
    return id;
  }

  /** Switches one fault off, or all of them; says whether there was one. */
  clear(id?: string): boolean {
    if (id !== undefined) return this.active.delete(id);
    const any = this.active.size > 0;
    this.active.clear();
    return any;
  }

  list(): readonly ActiveFault[] {
    return [...this.active.values()];
  }

  /** Whether a fault of this name is switched on, hitting or not. */
  has(name: FaultName): boolean {
    return this.list().some((active) => active.fault.name === name);
  }

  /**
   * The faults that hit this request, by stage and in the order in which they were switched on; counts them. A fault that
   * another one hides is not counted: it hits a later request.
   */
  effectsOn(subject: FaultSubject): Effect[] {
    const effects: Effect[] = [];
    const hidden = (stage: FaultKind['stage']): boolean => {
      if (stage === 'token' || stage === 'wire') return false;
      return (
        firstAtStage(effects, 'answer') !== undefined ||
        (stage === 'damage' && firstAtStage(effects, 'damage') !== undefined)
      );
    };
    for (const stage of STAGES) {
      for (const { id, fault, tally } of this.active.values()) {
        if (faultKind(fault.name).stage !== stage || hidden(stage)) continue;
        const decision = decide(fault, tally, subject, this.seed);
        this.active.set(id, { id, fault, tally: decision.tally });
        if (decision.hit) effects.push({ id, fault, seed: fault.seed ?? this.seed, hit: decision.tally.hits });
      }
    }
    return effects;
  }
}

/** The first effect at a stage. */
export function firstAtStage(effects: readonly Effect[], stage: FaultKind['stage']): Effect | undefined {
  return effects.find((effect) => faultKind(effect.fault.name).stage === stage);
}

/** The first effect of a name. */
export function effectNamed(effects: readonly Effect[], name: FaultName): Effect | undefined {
  return effects.find((effect) => effect.fault.name === name);
}
