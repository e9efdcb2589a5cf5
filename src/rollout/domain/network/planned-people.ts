import type { PeopleByStyle, PlanStep } from '../../../network/domain/capacity.js';

/** People of one way of working who are to come to a place with one wave. */
export interface PlannedGroup {
  /** The work style; empty while nobody knows. */
  readonly style: string;
  /** Null for people in no wave. */
  readonly waveId: number | null;
  /** Whether they have their laptop already. */
  readonly moved: boolean;
  readonly people: number;
}

/** A wave by its days. */
export interface PlannedWave {
  readonly id: number;
  readonly name: string;
  /** Last day (ISO 8601). */
  readonly endsOn: string;
}

/** Who is there after a wave. */
export interface WaveStep extends PlanStep {
  /** Null for the people who have moved already, and for everybody in the end. */
  readonly wave: PlannedWave | null;
}

/** What becomes of a place: who is there now, after each wave that brings anybody, and in the end. */
export interface PlannedPeople {
  readonly now: WaveStep;
  readonly waves: readonly WaveStep[];
  readonly end: WaveStep;
}

/**
 * Adds people up wave by wave, whoever has moved already being there from the beginning. Who is late comes today at the
 * earliest; who is in no wave comes last, by the day on which the programme means to be done.
 * @param today day in the UK (ISO 8601)
 */
export function plannedPeople(
  groups: readonly PlannedGroup[],
  waves: readonly PlannedWave[],
  { today, targetOn }: { readonly today: string; readonly targetOn: string },
): PlannedPeople {
  const moved = add(
    new Map(),
    groups.filter((group) => group.moved),
  );
  const coming = groups.filter((group) => !group.moved);
  const steps: WaveStep[] = [];
  let people = moved;
  for (const wave of waves.toSorted((a, b) => (a.endsOn < b.endsOn ? -1 : a.endsOn > b.endsOn ? 1 : a.id - b.id))) {
    const members = coming.filter(({ waveId }) => waveId === wave.id);
    if (members.length === 0) continue;
    people = add(people, members);
    steps.push({ wave, on: later(today, wave.endsOn), people });
  }
  const last = later(targetOn, steps.at(-1)?.on ?? today);
  const unplanned = coming.filter(({ waveId }) => !waves.some(({ id }) => id === waveId));
  return {
    now: { wave: null, on: today, people: moved },
    waves: steps,
    end: { wave: null, on: last, people: add(people, unplanned) },
  };
}

function add(people: PeopleByStyle, groups: readonly PlannedGroup[]): PeopleByStyle {
  const sum = new Map(people);
  for (const { style, people: count } of groups) sum.set(style, (sum.get(style) ?? 0) + count);
  return sum;
}

function later(one: string, other: string): string {
  return one > other ? one : other;
}
