import type { MoveFact } from '../domain/move-fact.js';
import type { HistoryBooking, ProgrammeHistory } from './programme-history.js';

/** What the names of the file have become. */
export interface WrittenHistory {
  readonly move: (person: string) => number | undefined;
  readonly device: (machine: string) => number | undefined;
  readonly booking: (booking: HistoryBooking) => { readonly id: number; readonly startsAt: Date } | undefined;
}

/** A fact before it has its key. */
type Told = MoveFact extends infer Fact ? (Fact extends MoveFact ? Omit<Fact, 'key'> : never) : never;

/** Everything that a programme's records say about moves and desktops. */
export function factsOfHistory(history: ProgrammeHistory, written: WrittenHistory): readonly MoveFact[] {
  const facts = [...scopeFacts(history, written), ...machineFacts(history, written)];
  facts.push(...planFacts(history, written), ...bookingFacts(history, written));
  // The numbers of facts follow their order, and what looks for the last word about something goes by these.
  facts.sort((one, other) => one.at.getTime() - other.at.getTime());
  // By its place in the file, which is taken over once.
  return facts.map((fact, index) => ({ ...fact, key: `taken-over:${String(index + 1).padStart(7, '0')}` }));
}

function* scopeFacts(history: ProgrammeHistory, { move, device }: WrittenHistory): Generator<Told> {
  const { baselineAt } = history.programme;
  const entered = { kind: 'entered-scope', at: baselineAt, details: { reason: 'baseline' } } as const;
  for (const { person } of history.baseline.people) {
    const moveId = move(person);
    if (moveId !== undefined) yield { ...entered, moveId, deviceId: null };
  }
  for (const { machine, person } of history.baseline.desktops) {
    const deviceId = device(machine);
    if (deviceId === undefined) continue;
    yield { ...entered, moveId: null, deviceId };
    const moveId = person === null ? undefined : move(person);
    if (moveId === undefined) continue;
    yield { kind: 'desktop-assigned', moveId, deviceId, at: baselineAt, details: { by: 'statement' } };
  }
  for (const { person, at, reason } of history.arrivals) {
    const moveId = move(person);
    if (moveId === undefined) continue;
    if (reason === 'rehire') yield { kind: 'returned-to-organisation', moveId, deviceId: null, at, details: {} };
    yield { kind: 'entered-scope', moveId, deviceId: null, at, details: { reason } };
  }
  for (const { person, at, reason } of history.departures) {
    const moveId = move(person);
    if (moveId === undefined) continue;
    if (reason === 'left') yield { kind: 'left-organisation', moveId, deviceId: null, at, details: {} };
    else yield { kind: 'left-scope', moveId, deviceId: null, at, details: { reason } };
  }
}

function* machineFacts(history: ProgrammeHistory, { move, device }: WrittenHistory): Generator<Told> {
  for (const { person, machine, kind, at, firstUsedAt } of history.assignments) {
    const [moveId, deviceId] = [move(person), device(machine)];
    if (moveId === undefined || deviceId === undefined) continue;
    const details = { by: 'statement' } as const;
    if (kind === 'desktop') yield { kind: 'desktop-assigned', moveId, deviceId, at, details };
    else yield { kind: 'laptop-assigned', moveId, deviceId, at, details };
    if (kind === 'laptop' && firstUsedAt !== null) yield observed(moveId, deviceId, firstUsedAt);
  }
  for (const { person, machine, at, firstUsedAt } of history.handOvers) {
    const [moveId, deviceId] = [move(person), device(machine)];
    if (moveId === undefined || deviceId === undefined) continue;
    yield { kind: 'laptop-assigned', moveId, deviceId, at, details: { by: 'custody' } };
    if (firstUsedAt !== null) yield observed(moveId, deviceId, firstUsedAt);
  }
  for (const { person, machine, at } of history.laptopReturns) {
    const [moveId, deviceId] = [move(person), device(machine)];
    if (moveId === undefined || deviceId === undefined) continue;
    yield { kind: 'laptop-returned', moveId, deviceId, at, details: {} };
  }
  const desktops = desktopsOf(history);
  const desktop = (machine: string): number | undefined => (desktops.has(machine) ? device(machine) : undefined);
  for (const { machine, at } of history.recoveries) {
    const deviceId = desktop(machine);
    if (deviceId !== undefined) yield { kind: 'desktop-recovered', moveId: null, deviceId, at, details: {} };
  }
  for (const { machine, at, evidence } of history.wipes) {
    const deviceId = desktop(machine);
    if (deviceId !== undefined) yield { kind: 'desktop-wiped', moveId: null, deviceId, at, details: { evidence } };
  }
  for (const { machine, at, reason } of history.losses) {
    const deviceId = desktop(machine);
    if (deviceId !== undefined) yield { kind: 'desktop-left-estate', moveId: null, deviceId, at, details: { reason } };
  }
  for (const { machine, at } of history.reclassifications) {
    const deviceId = desktop(machine);
    if (deviceId !== undefined) yield { kind: 'desktop-reclassified', moveId: null, deviceId, at, details: {} };
  }
}

function observed(moveId: number, deviceId: number, at: Date): Told {
  return { kind: 'laptop-observed', moveId, deviceId, at, details: {} };
}

/** Machines that the records call desktops; of a laptop that came back nothing is said about desktops. */
export function desktopsOf(history: ProgrammeHistory): ReadonlySet<string> {
  const assigned = history.assignments.filter(({ kind }) => kind === 'desktop');
  return new Set([...history.baseline.desktops, ...assigned].map(({ machine }) => machine));
}

function* planFacts(history: ProgrammeHistory, { move }: WrittenHistory): Generator<Told> {
  const about = <Told extends { readonly person: string }>(told: Told): { moveId: number; deviceId: null } | null => {
    const moveId = move(told.person);
    return moveId === undefined ? null : { moveId, deviceId: null };
  };
  for (const told of history.deferrals) {
    const whom = about(told);
    if (whom === null) continue;
    yield { ...whom, kind: 'deferred', at: told.at, details: { reason: told.reason, until: told.until } };
    if (told.endedAt !== null) yield { ...whom, kind: 'deferral-ended', at: told.endedAt, details: {} };
  }
  for (const told of history.exemptions) {
    const whom = about(told);
    if (whom === null) continue;
    yield { ...whom, kind: 'exempted', at: told.at, details: { reason: told.reason, until: told.until } };
    if (told.endedAt !== null) yield { ...whom, kind: 'exemption-ended', at: told.endedAt, details: {} };
  }
  for (const told of history.workStyles) {
    const whom = about(told);
    if (whom === null) continue;
    const { workStyle, confirmedAt } = told;
    const because = history.source;
    yield { ...whom, kind: 'work-style-proposed', at: told.at, details: { workStyle, because } };
    if (confirmedAt !== null) yield { ...whom, kind: 'work-style-confirmed', at: confirmedAt, details: { workStyle } };
  }
  for (const told of history.assessments) {
    const whom = about(told);
    if (whom !== null) yield { ...whom, kind: 'assessed', at: told.at, details: {} };
  }
  for (const told of history.readiness) {
    const whom = about(told);
    if (whom === null) continue;
    yield { ...whom, kind: 'readiness-changed', at: told.at, details: { outcome: told.outcome, rules: told.rules } };
  }
  for (const told of history.statements) {
    const whom = about(told);
    if (whom === null) continue;
    const kind = told.kind === 'no-desktop' ? 'no-desktop-stated' : told.kind;
    yield { ...whom, kind, at: told.at, details: { reason: told.reason } };
  }
}

const ENDINGS = {
  attended: 'slot-attended',
  delivered: 'slot-attended',
  missed: 'slot-missed',
  cancelled: 'slot-cancelled',
} as const;

function* bookingFacts(history: ProgrammeHistory, { move, booking: find }: WrittenHistory): Generator<Told> {
  for (const told of history.bookings) {
    const [moveId, booking] = [move(told.person), find(told)];
    if (moveId === undefined || booking === undefined) continue;
    const { id: bookingId, startsAt } = booking;
    const details = { bookingId, startsAt: startsAt.toISOString(), delivery: told.slot === null };
    yield { kind: 'slot-booked', moveId, deviceId: null, at: told.at, details };
    if (told.outcome === 'booked' || told.outcomeAt === null) continue;
    yield { kind: ENDINGS[told.outcome], moveId, deviceId: null, at: told.outcomeAt, details: { bookingId } };
  }
}
