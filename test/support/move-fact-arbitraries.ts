import fc from 'fast-check';
import {
  MOVE_FACT_KINDS,
  type MoveFact,
  type MoveFactDetails,
  type MoveFactKind,
} from '../../src/rollout/domain/move-fact.js';
import { READINESS_OUTCOMES, WORK_STYLES } from '../../src/rollout/domain/move-words.js';
import { onDay } from './move-facts.js';

export const DESKTOPS = [11, 12] as const;
export const LAPTOPS = [21, 22] as const;

const day = fc.integer({ min: 0, max: 40 });
const isoDay = day.map((number) => onDay(number).toISOString().slice(0, 10));
const bookingId = fc.integer({ min: 1, max: 3 });
const reason = fc.constant('a reason');
const source = fc.constantFrom('custody', 'primary-user', 'statement');

/** The details of each kind that has some. */
const DETAILS: { readonly [Kind in keyof MoveFactDetails]: fc.Arbitrary<MoveFactDetails[Kind]> } = {
  'entered-scope': fc.record({ reason: fc.constantFrom('baseline', 'joiner', 'rehire', 'rule', 'exemption_ended') }),
  'left-scope': fc.record({ reason: fc.constantFrom('rule', 'reclassified') }),
  exempted: fc.record({ reason, until: fc.option(isoDay) }),
  deferred: fc.record({ reason: fc.constantFrom('parental_leave', 'sickness', 'secondment', 'other'), until: isoDay }),
  'work-style-proposed': fc.record({ workStyle: fc.constantFrom(...WORK_STYLES), because: reason }),
  'work-style-confirmed': fc.record({ workStyle: fc.constantFrom(...WORK_STYLES) }),
  'desktop-assigned': fc.record({ by: source }),
  'desktop-released': fc.record({ reason: fc.option(reason) }),
  'no-desktop-stated': fc.record({ reason }),
  'laptop-assigned': fc.record({ by: source }),
  'desktop-wiped': fc.record({ evidence: fc.option(fc.constant('certificate'), { freq: 3 }) }),
  'desktop-seen': fc.record({ source: fc.constant('intune') }),
  'desktop-left-estate': fc.record({ reason: fc.constantFrom('stolen', 'written_off', 'disposed', 'gone') }),
  'slot-booked': fc.record({
    bookingId,
    startsAt: day.map((number) => onDay(number).toISOString()),
    delivery: fc.boolean(),
  }),
  'slot-cancelled': fc.record({ bookingId }),
  'slot-missed': fc.record({ bookingId }),
  'slot-attended': fc.record({ bookingId }),
  'readiness-changed': fc.record({ outcome: fc.constantFrom(...READINESS_OUTCOMES), rules: fc.constant([]) }),
  'rolled-back': fc.record({ reason }),
  reopened: fc.record({ reason }),
  retracted: fc.record({ key: fc.integer({ min: 0, max: 30 }).map((number) => `key:${number}`), reason }),
};

/** What a fact of the kind is about: a person, one of their machines, or a desktop whoever has it. */
function about(kind: MoveFactKind): fc.Arbitrary<{ moveId: number | null; deviceId: number | null }> {
  const person = fc.constantFrom(1, 1, 1, 2);
  const desktop = fc.constantFrom(...DESKTOPS);
  if (kind.startsWith('laptop-')) return fc.record({ moveId: person, deviceId: fc.constantFrom(...LAPTOPS) });
  if (kind === 'desktop-assigned' || kind === 'desktop-released')
    return fc.record({ moveId: person, deviceId: desktop });
  if (kind.startsWith('desktop-')) return fc.record({ moveId: fc.constant(null), deviceId: desktop });
  const ofPerson = fc.record({ moveId: person, deviceId: fc.constant(null) });
  if (kind !== 'entered-scope' && kind !== 'left-scope') return ofPerson;
  return fc.oneof({ weight: 4, arbitrary: ofPerson }, fc.record({ moveId: fc.constant(null), deviceId: desktop }));
}

function factsOf(kind: MoveFactKind): fc.Arbitrary<Omit<MoveFact, 'key'>> {
  const details: fc.Arbitrary<object> = kind in DETAILS ? DETAILS[kind as keyof MoveFactDetails] : fc.constant({});
  return fc
    .tuple(about(kind), day.map(onDay), details)
    .map(([ids, at, its]) => ({ kind, ...ids, at, details: its }) as Omit<MoveFact, 'key'>);
}

/** A person in the programme who moves as planned; what comes beside it goes wrong in every way. */
const PLANNED: readonly Omit<MoveFact, 'key'>[] = [
  { kind: 'entered-scope', moveId: 1, deviceId: null, at: onDay(0), details: { reason: 'baseline' } },
  { kind: 'desktop-assigned', moveId: 1, deviceId: 11, at: onDay(1), details: { by: 'custody' } },
  { kind: 'laptop-assigned', moveId: 1, deviceId: 21, at: onDay(9), details: { by: 'custody' } },
  { kind: 'desktop-recovered', moveId: null, deviceId: 11, at: onDay(15), details: {} },
  { kind: 'desktop-wiped', moveId: null, deviceId: 11, at: onDay(20), details: { evidence: 'certificate' } },
];

/** Facts about two people, two desktops and two laptops, each with a key of its own, in any order. */
export function journals(options: { readonly retractions: boolean }): fc.Arbitrary<readonly MoveFact[]> {
  const kinds = MOVE_FACT_KINDS.filter((kind) => options.retractions || kind !== 'retracted');
  const anything = fc.constantFrom(...kinds).chain(factsOf);
  return fc
    .tuple(fc.subarray([...PLANNED]), fc.array(anything, { maxLength: 14 }))
    .map(([planned, more]) =>
      [...planned, ...more].map((fact, index) => ({ ...fact, key: `key:${index}` }) as MoveFact),
    )
    .chain((facts) => fc.shuffledSubarray(facts, { minLength: facts.length }));
}
