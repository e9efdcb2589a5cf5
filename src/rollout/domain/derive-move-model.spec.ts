import fc from 'fast-check';
import { moveIn } from '../../../test/support/move-derivations.js';
import { fact, onDay } from '../../../test/support/move-facts.js';
import type { MoveFact } from './move-fact.js';
import type { MoveState } from './move-words.js';
import { MOVE_STATE_FOLLOWS } from './state-table.js';

const DESK = 11;
const LAPTOP = 21;

/** A move of one person with one desktop and one laptop, as a handful of switches. */
interface Model {
  day: number;
  present: boolean;
  exempt: boolean;
  assessed: boolean;
  ready: boolean | null;
  booking: number | null;
  missed: number;
  laptop: boolean;
  desk: 'there' | 'recovered' | 'wiped';
  sighted: boolean;
  deferredUntil: number;
  rolledBack: boolean;
  /** The desktop came back while the person was gone. */
  fetched: boolean;
  gone: boolean;
}

function expected(model: Model): MoveState {
  if (!model.present) return 'left';
  if (model.exempt) return 'exempt';
  if (model.laptop) {
    if (model.desk === 'there' || model.fetched) return 'handed_over';
    return model.desk === 'wiped' && !model.sighted && !model.rolledBack ? 'closed' : 'desktop_recovered';
  }
  if (model.day < model.deferredUntil) return 'deferred';
  if (model.rolledBack) return 'rolled_back';
  if (model.booking !== null) return 'scheduled';
  if (!model.assessed) return 'not_started';
  return model.ready === null ? 'assessed' : model.ready ? 'ready' : 'blocked';
}

/** The real thing: a journal that only grows, and the derivation over it. */
class Journal {
  readonly facts: MoveFact[] = [
    fact(0, 'entered-scope', { reason: 'baseline' }),
    fact(0, 'desktop-assigned', { by: 'custody' }, { deviceId: DESK }),
  ];
  state: MoveState = 'not_started';
  wasClosed = false;
}

/** One thing that happens on a day of its own. */
class Happening implements fc.Command<Model, Journal> {
  constructor(
    private readonly name: string,
    private readonly can: (model: Readonly<Model>) => boolean,
    private readonly change: (model: Model) => MoveFact | null,
  ) {}

  check(model: Readonly<Model>): boolean {
    return this.can(model);
  }

  run(model: Model, real: Journal): void {
    model.day += 1;
    const happened = this.change(model);
    if (happened !== null) real.facts.push(happened);
    const standing = moveIn([...real.facts].reverse(), onDay(model.day));
    expect(standing.state).toBe(expected(model));
    expect(standing).toMatchObject({ bookingId: model.booking, missedCount: model.missed });
    expect(standing.laptopId !== null).toBe(model.laptop);
    if (standing.state !== real.state) expect(MOVE_STATE_FOLLOWS[real.state]).toContain(standing.state);
    real.state = standing.state;
    real.wasClosed ||= standing.state === 'closed';
  }

  toString(): string {
    return this.name;
  }
}

const always = () => true;
const aboutDesk = { deviceId: DESK, moveId: null };

function begin(model: Model): void {
  model.rolledBack = false;
  if (model.deferredUntil <= model.day) model.deferredUntil = 0;
}

const HAPPENINGS: readonly Happening[] = [
  new Happening('time passes', always, () => null),
  new Happening('assess', always, (model) => {
    model.assessed = true;
    begin(model);
    return fact(model.day, 'assessed', {});
  }),
  ...(['ready', 'not_ready', 'unknown'] as const).map(
    (outcome) =>
      new Happening(outcome, always, (model) => {
        model.ready = outcome === 'ready';
        return fact(model.day, 'readiness-changed', { outcome, rules: [] });
      }),
  ),
  new Happening(
    'book',
    ({ booking }) => booking === null,
    (model) => {
      model.booking = model.day;
      begin(model);
      const startsAt = onDay(model.day + 5).toISOString();
      return fact(model.day, 'slot-booked', { bookingId: model.day, startsAt, delivery: false });
    },
  ),
  new Happening(
    'cancel',
    ({ booking }) => booking !== null,
    (model) => {
      const bookingId = model.booking ?? 0;
      model.booking = null;
      return fact(model.day, 'slot-cancelled', { bookingId });
    },
  ),
  new Happening(
    'miss',
    ({ booking }) => booking !== null,
    (model) => {
      const bookingId = model.booking ?? 0;
      model.booking = null;
      model.missed += 1;
      return fact(model.day, 'slot-missed', { bookingId });
    },
  ),
  new Happening(
    'hand over',
    ({ laptop, present }) => !laptop && present,
    (model) => {
      model.laptop = true;
      begin(model);
      return fact(model.day, 'laptop-assigned', { by: 'custody' }, { deviceId: LAPTOP });
    },
  ),
  new Happening(
    'return the laptop',
    ({ laptop }) => laptop,
    (model) => {
      model.laptop = false;
      return fact(model.day, 'laptop-returned', {}, { deviceId: LAPTOP });
    },
  ),
  new Happening(
    'recover',
    ({ desk }) => desk === 'there',
    (model) => {
      model.desk = 'recovered';
      model.gone = !model.present;
      return fact(model.day, 'desktop-recovered', {}, aboutDesk);
    },
  ),
  new Happening(
    'wipe',
    ({ desk }) => desk === 'recovered',
    (model) => {
      model.desk = 'wiped';
      model.sighted = false;
      return fact(model.day, 'desktop-wiped', { evidence: 'certificate' }, aboutDesk);
    },
  ),
  new Happening(
    'wipe without evidence',
    ({ desk }) => desk === 'recovered',
    (model) => fact(model.day, 'desktop-wiped', { evidence: null }, aboutDesk),
  ),
  new Happening(
    'see the recovered desktop',
    ({ desk }) => desk !== 'there',
    (model) => {
      model.sighted = true;
      return fact(model.day, 'desktop-seen', { source: 'intune' }, aboutDesk);
    },
  ),
  new Happening(
    'give the desktop back to the person',
    ({ desk, present }) => desk !== 'there' && present,
    (model) => {
      Object.assign(model, { desk: 'there', sighted: false, fetched: false, gone: false });
      return fact(model.day, 'desktop-assigned', { by: 'custody' }, { deviceId: DESK });
    },
  ),
  new Happening('defer', always, (model) => {
    // Deferred days begin at midnight, what happens is at nine.
    model.deferredUntil = model.day + 3;
    const until = onDay(model.deferredUntil).toISOString().slice(0, 10);
    return fact(model.day, 'deferred', { reason: 'sickness', until });
  }),
  new Happening('end the deferral', always, (model) => {
    model.deferredUntil = 0;
    return fact(model.day, 'deferral-ended', {});
  }),
  new Happening('roll back', always, (model) => {
    model.rolledBack = true;
    return fact(model.day, 'rolled-back', { reason: 'a reason' });
  }),
  new Happening('exempt', always, (model) => {
    model.exempt = true;
    return fact(model.day, 'exempted', { reason: 'a reason', until: null });
  }),
  new Happening('end the exemption', always, (model) => {
    model.exempt = false;
    return fact(model.day, 'exemption-ended', {});
  }),
  new Happening(
    'leave',
    ({ present }) => present,
    (model) => {
      model.present = false;
      return fact(model.day, 'left-organisation', {});
    },
  ),
  new Happening(
    'come back',
    ({ present, laptop, desk }) => !present && !(laptop && desk !== 'there'),
    (model) => {
      Object.assign(model, { present: true, assessed: false, deferredUntil: 0, rolledBack: false, missed: 0 });
      model.fetched ||= model.gone;
      return fact(model.day, 'returned-to-organisation', {});
    },
  ),
];

describe('a move and a small model of it', () => {
  it('agree after every step of any sequence, and no step is one that the table does not have', () => {
    let closed = 0;
    const commands = fc.commands(
      HAPPENINGS.map((happening) => fc.constant(happening)),
      { maxCommands: 60, size: 'max' },
    );
    fc.assert(
      fc.property(commands, (steps) => {
        const real = new Journal();
        const model: Model = {
          day: 0,
          present: true,
          exempt: false,
          assessed: false,
          ready: null,
          booking: null,
          missed: 0,
          laptop: false,
          desk: 'there',
          sighted: false,
          deferredUntil: 0,
          rolledBack: false,
          fetched: false,
          gone: false,
        };
        fc.modelRun(() => ({ model, real }), steps);
        if (real.wasClosed) closed += 1;
      }),
      { numRuns: 500 },
    );
    expect(closed).toBeGreaterThan(0);
  });
});
