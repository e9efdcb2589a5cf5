import type { FormatProblem } from './format-reader.js';
import type { HistoryBooking, ProgrammeHistory } from './programme-history.js';

type Add = (path: string, message: string) => void;

/** What cannot be true of records that are well formed one by one. */
export function contradictionsOf(history: ProgrammeHistory): readonly FormatProblem[] {
  const problems: FormatProblem[] = [];
  const add: Add = (path, message) => {
    problems.push({ path, message });
  };
  const { programme, until } = history;
  if (programme.targetOn <= programme.startsOn) add('programme.targetOn', 'Give a day after programme.startsOn.');
  if (programme.baselineAt >= until) add('programme.baselineAt', 'Give a time before until.');
  checkTimes(history, add);
  checkMachines(history, add);
  checkWaves(history, add);
  checkSlots(history, add);
  checkBookings(history, add);
  unique('baseline.people', history.baseline.people, ({ person }) => person.toLowerCase(), add);
  return problems;
}

/** Fields that tell of something that came after the time of their record. */
const LATER_TIMES = ['firstUsedAt', 'outcomeAt', 'endedAt', 'confirmedAt'] as const;

interface Dated extends Partial<Readonly<Record<(typeof LATER_TIMES)[number], Date | null>>> {
  readonly at?: Date;
}

/** Deliveries alone may be older than the programme. */
function checkTimes(history: ProgrammeHistory, add: Add): void {
  const { until } = history;
  for (const [name, records] of Object.entries(history) as [string, unknown][]) {
    if (!Array.isArray(records)) continue;
    const earliest = name === 'deliveries' ? new Date(0) : history.programme.baselineAt;
    for (const [index, one] of (records as readonly Dated[]).entries()) {
      const { at } = one;
      if (at === undefined) continue;
      if (at < earliest || at > until) add(`${name}[${index}].at`, 'Give a time from programme.baselineAt to until.');
      for (const field of LATER_TIMES) {
        const later = one[field];
        if (later !== undefined && later !== null && (later < at || later > until)) {
          add(`${name}[${index}].${field}`, 'Give a time from at to until.');
        }
      }
    }
  }
}

function checkMachines(history: ProgrammeHistory, add: Add): void {
  const known = unique('machines', history.machines, ({ machine }) => machine, add);
  for (const [index, one] of history.machines.entries()) {
    if (one.serialNumber === null && one.intuneDeviceId === null && one.entraDeviceId === null) {
      add(`machines[${index}]`, 'Give serialNumber, intuneDeviceId or entraDeviceId.');
    }
  }
  unique('baseline.desktops', history.baseline.desktops, ({ machine }) => machine, add);
  const lists = { ...history, 'baseline.desktops': history.baseline.desktops, machines: [] };
  for (const [name, records] of Object.entries(lists) as [string, unknown][]) {
    if (!Array.isArray(records)) continue;
    for (const [index, one] of (records as readonly Readonly<Record<string, unknown>>[]).entries()) {
      for (const field of ['machine', 'laptop']) {
        const key = one[field];
        if (typeof key !== 'string' || known.has(key)) continue;
        add(`${name}[${index}].${field}`, 'Name a machine of the list machines.');
      }
    }
  }
}

function checkWaves({ waves }: ProgrammeHistory, add: Add): void {
  unique('waves', waves, ({ name }) => name.toLowerCase(), add);
  for (const [index, wave] of waves.entries()) {
    if (wave.endsOn < wave.startsOn) add(`waves[${index}].endsOn`, 'Give a day that is not before startsOn.');
  }
}

function checkSlots({ slots }: ProgrammeHistory, add: Add): void {
  unique('slots', slots, ({ slot }) => slot, add);
  for (const [index, slot] of slots.entries()) {
    if (slot.endsAt <= slot.startsAt) add(`slots[${index}].endsAt`, 'Give a time after startsAt.');
    if (slot.cutOffAt !== null && slot.cutOffAt > slot.startsAt) {
      add(`slots[${index}].cutOffAt`, 'Give a time that is not after startsAt.');
    }
  }
  const inOrder = slots
    .map(({ engineer, startsAt, endsAt }, index) => ({ engineer: engineer.toLowerCase(), startsAt, endsAt, index }))
    .sort((one, other) => one.startsAt.getTime() - other.startsAt.getTime());
  const busyUntil = new Map<string, Date>();
  for (const { engineer, startsAt, endsAt, index } of inOrder) {
    const until = busyUntil.get(engineer);
    if (until !== undefined && startsAt < until) {
      add(`slots[${index}]`, 'Give another engineer or time: a slot of this engineer overlaps.');
    }
    if (until === undefined || endsAt > until) busyUntil.set(engineer, endsAt);
  }
}

const SLOT_OUTCOMES: readonly HistoryBooking['outcome'][] = ['booked', 'attended', 'missed', 'cancelled'];
const DELIVERY_OUTCOMES: readonly HistoryBooking['outcome'][] = ['booked', 'delivered', 'cancelled'];

function checkBookings({ bookings, slots }: ProgrammeHistory, add: Add): void {
  const places = new Map(slots.map(({ slot, capacity }) => [slot, capacity]));
  for (const [index, { slot, deliverOn, outcome, outcomeAt }] of bookings.entries()) {
    const path = `bookings[${index}]`;
    if ((slot === null) === (deliverOn === null)) add(path, 'Give either slot or deliverOn.');
    if ((outcome === 'booked') !== (outcomeAt === null)) {
      add(`${path}.outcomeAt`, 'Give it for every outcome but booked, which has none yet.');
    }
    const outcomes = slot === null ? DELIVERY_OUTCOMES : SLOT_OUTCOMES;
    if (!outcomes.includes(outcome)) add(`${path}.outcome`, `Give one of: ${outcomes.join(', ')}.`);
    if (slot === null) continue;
    const left = places.get(slot);
    if (left === undefined) add(`${path}.slot`, 'Name a slot of the list slots.');
    else if (outcome === 'booked' || outcome === 'attended') {
      if (left === 0) add(`${path}.slot`, 'Raise the capacity of the slot: it has more bookings than places.');
      else places.set(slot, left - 1);
    }
  }
  const open = bookings.map((booking, index) => ({ ...booking, index })).filter(({ outcome }) => outcome === 'booked');
  const once = 'Leave one: nobody has two open bookings, and no laptop is put aside twice.';
  const path = ({ index }: { readonly index: number }): string => `bookings[${index}]`;
  uniqueAt(open, ({ person }) => person.toLowerCase(), path, add, once);
  uniqueAt(
    open.filter(({ laptop }) => laptop !== null),
    ({ laptop }) => laptop ?? '',
    path,
    add,
    once,
  );
}

function unique<Item>(
  path: string,
  items: readonly Item[],
  key: (item: Item) => string,
  add: Add,
): ReadonlySet<string> {
  const numbered = items.map((item, index) => ({ item, index }));
  return uniqueAt(
    numbered,
    ({ item }) => key(item),
    ({ index }) => `${path}[${index}]`,
    add,
    'It is there already: name it once.',
  );
}

function uniqueAt<Item>(
  items: readonly Item[],
  key: (item: Item) => string,
  path: (item: Item) => string,
  add: Add,
  message: string,
): ReadonlySet<string> {
  const known = new Set<string>();
  for (const item of items) {
    if (known.has(key(item))) add(path(item), message);
    known.add(key(item));
  }
  return known;
}
