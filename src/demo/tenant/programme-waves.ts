import { workingDaysAfter, ukTime } from './programme-calendar.js';
import { book } from './programme-moves.js';
import type { Player, ProgrammeStage } from './programme-stage.js';
import { DAY, dateOf } from './simulated-time.js';

const WEEK = 7 * DAY;
/** Appointments reach so many working days ahead. */
const DAYS_AHEAD = 18;

/** Two waves that are over, one under way and two that are planned, with the appointments of the coming weeks. */
export function tellWaves(stage: ProgrammeStage, moved: readonly Player[], others: readonly Player[]): void {
  const { baseline, now } = stage.calendar;
  const { story } = stage;
  const wave = (name: string, from: number, until: number): string[] => {
    const people: string[] = [];
    story.waves.push({
      name,
      startsOn: dateOf(baseline + from * WEEK),
      endsOn: dateOf(baseline + until * WEEK - DAY),
      people,
    });
    return people;
  };
  const waves = [
    wave('Wave 1: pilot', 4, 9),
    wave('Wave 2: town hall and civic centre', 9, 25),
    wave('Wave 3: offices and hubs', 25, 45),
    wave('Wave 4: social care and health', 45, 62),
    wave('Wave 5: depots, libraries and the rest', 62, 80),
  ] as const;
  for (const { id, moved: move } of moved) {
    const week = Math.floor(((move?.at ?? now) - baseline) / WEEK);
    waves[week < 9 ? 0 : week < 25 ? 1 : 2].push(id);
  }
  const waiting = waitingPeople(stage, others);
  const ready = new Set(story.readiness.flatMap(({ outcome, person }) => (outcome === 'ready' ? [person] : [])));
  const booked = bookAhead(
    stage,
    waiting.filter(({ id }) => ready.has(id)),
    moved.length,
  );
  waves[2].push(...booked);
  const taken = new Set(booked);
  for (const { id, person } of waiting) {
    if (taken.has(id)) continue;
    const directorate = person.directorate?.name ?? '';
    if (/^(Adults|Children)/.test(directorate)) waves[3].push(id);
    else if (stage.random('wave', id).chance(0.5)) waves[4].push(id);
    else if (ready.has(id)) waves[2].push(id);
  }
}

/** Those in the baseline who have only a desktop, and for whom nothing else was decided. */
function waitingPeople(stage: ProgrammeStage, others: readonly Player[]): Player[] {
  const { story } = stage;
  const set = (list: readonly { readonly person?: unknown }[]): Set<unknown> =>
    new Set(list.map(({ person }) => person));
  const inBaseline = set(story.baseline.people);
  const decided = [set(story.deferrals), set(story.exemptions), set(story.departures), set(story.handOvers)];
  return others.filter(
    ({ id, laptops }) => laptops.length === 0 && inBaseline.has(id) && !decided.some((people) => people.has(id)),
  );
}

/** Appointments of the coming weeks, most of them with a laptop that is put aside already. */
function bookAhead(stage: ProgrammeStage, ready: readonly Player[], moves: number): string[] {
  const random = stage.random('ahead');
  const { now, handOverDays } = stage.calendar;
  const aDay = Math.max(0.5, (moves / handOverDays.length) * 1.2);
  const handedOver = new Set(stage.story.handOvers.map(({ machine }) => machine));
  const boxed = stage.story.deliveries
    .map((delivery) => delivery['machine'] as string)
    .filter((machine) => !handedOver.has(machine));
  const people = random.shuffled(ready);
  const booked: string[] = [];
  for (const midnight of workingDaysAfter(now, DAYS_AHEAD)) {
    for (let one = random.occurrences(aDay); one > 0; one--) {
      const player = people.pop();
      if (player === undefined) return booked;
      const laptop = random.chance(0.7) ? boxed.pop() : undefined;
      const at = now - random.between(1, 6) * DAY - random.between(1, 400) * 60_000;
      const startsAt = ukTime(midnight, random.chance(0.5) ? 9 : 13);
      book(stage, player, {
        at,
        startsAt,
        outcome: 'booked',
        ...(laptop === undefined ? {} : { laptop }),
      });
      booked.push(player.id);
    }
  }
  return booked;
}
