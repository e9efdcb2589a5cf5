import type { DerivationSettings } from './derivation-settings.js';
import type { DesktopStanding } from './derive-desktop.js';
import { applyFact } from './fact-handlers.js';
import { factsThatCount } from './facts-that-count.js';
import { APPOINTMENT_HANDLERS, attemptsOf, noAppointments, openBooking } from './move-appointments.js';
import { desktopsAt, desktopsOfPerson, hadDesktop, listDesktops, type PersonsDesktop } from './move-desktops.js';
import { doubtsOf } from './move-doubts.js';
import type { MoveFact } from './move-fact.js';
import { LAPTOP_HANDLERS, noLaptops, ownLaptop } from './move-laptops.js';
import type { MovePicture, MoveSituation } from './move-picture.js';
import { begin, emptyPlan, forgetStatements, PLAN_HANDLERS } from './move-plan.js';
import { emptyScope, scopeAt, SCOPE_HANDLERS } from './move-scope.js';
import type { MoveStanding } from './move-standing.js';
import type { MoveState } from './move-words.js';
import { startOfDay } from './start-of-day.js';

/**
 * Where a move stands, worked out from all its facts, in whatever order they come and however often. Nothing else sets
 * a state.
 *
 * @param facts - all facts that name the move
 * @param desktops - standings of at least the desktops that these facts name, derived from all facts that name those
 * @param now - decides whether a deferral, an exemption or the time to confirm a hand-over is over
 */
export function deriveMove(
  facts: readonly MoveFact[],
  desktops: ReadonlyMap<number, DesktopStanding>,
  settings: DerivationSettings,
  now: Date,
): MoveStanding {
  const counting = factsThatCount(facts);
  const own = desktopsOfPerson(counting, desktops);
  const picture: MovePicture = {
    scope: emptyScope(),
    laptops: noLaptops(),
    appointments: noAppointments(),
    plan: emptyPlan(),
  };

  let applied = 0;
  let situation = situationAt(picture, own, 0, now);
  let since = 0;
  for (const time of turningTimes(counting, own, now)) {
    for (; applied < counting.length && counting[applied]!.at.getTime() <= time; applied++) {
      applyToMove(picture, counting[applied]!);
    }
    const next = situationAt(picture, own, time, now);
    if (next.state !== situation.state || since === 0) since = time;
    situation = next;
  }
  return standingOf(picture, situation, own, new Date(since), settings, now);
}

/** The times at which the state can have changed, in their order: of facts, and of days that have come. */
function turningTimes(facts: readonly MoveFact[], own: readonly PersonsDesktop[], now: Date): readonly number[] {
  const times = new Set<number>();
  for (const fact of facts) {
    times.add(fact.at.getTime());
    if (fact.kind !== 'deferred' && fact.kind !== 'exempted') continue;
    const day = fact.details.until === null ? null : startOfDay(fact.details.until);
    if (day !== null && day >= fact.at && day <= now) times.add(day.getTime());
  }
  for (const { standing } of own) for (const { at } of standing.turns) times.add(at.getTime());
  return [...times].sort((one, other) => one - other);
}

function applyToMove({ scope, laptops, appointments, plan }: MovePicture, fact: MoveFact): void {
  const isNewLaptop = fact.kind === 'laptop-assigned' && fact.deviceId !== null && !laptops.held.has(fact.deviceId);
  const absences = scope.absences.length;
  applyFact(SCOPE_HANDLERS, scope, fact);
  if (scope.absences.length > absences) {
    forgetStatements(plan);
    appointments.missed = new Map();
  }
  applyFact(LAPTOP_HANDLERS, laptops, fact);
  applyFact(APPOINTMENT_HANDLERS, appointments, fact);
  applyFact(PLAN_HANDLERS, plan, fact);
  if (isNewLaptop) begin(plan, fact.at);
}

/** What the picture means at a time (milliseconds), which no fact from a clock that is fast brings past `now`. */
function situationAt(picture: MovePicture, own: readonly PersonsDesktop[], turn: number, now: Date): MoveSituation {
  const time = Math.min(turn, now.getTime());
  const scope = scopeAt(picture.scope, time);
  const desktops = desktopsAt(own, picture.scope, picture.plan.noDesktopStatedAt !== null, turn);
  const booking = openBooking(picture.appointments);
  const situation = { scope, desktops, booking, time };
  if (scope.state !== 'in') return { ...situation, state: scope.state };
  if (isAlreadyMobile(picture, own, situation, turn)) {
    return { ...situation, state: 'already_mobile', scope: { state: 'in', reason: 'already_mobile' } };
  }
  const state = picture.laptops.held.size > 0 ? stateWithLaptop(picture, situation) : stateBefore(picture, situation);
  return { ...situation, state };
}

type Circumstances = Omit<MoveSituation, 'state'>;

/** Had a laptop and no desktop on coming into the programme, and nothing has changed about that. */
function isAlreadyMobile(
  { scope: { enteredAt }, laptops: { unbrokenSince } }: MovePicture,
  own: readonly PersonsDesktop[],
  { desktops }: Circumstances,
  turn: number,
): boolean {
  if (enteredAt === null || unbrokenSince === null || unbrokenSince > enteredAt) return false;
  return desktops.counted.length === 0 && !hadDesktop(own, enteredAt.getTime(), turn);
}

/** After the hand-over: the desktops decide. */
function stateWithLaptop({ plan }: MovePicture, { desktops }: Circumstances): MoveState {
  const statedNone = plan.noDesktopStatedAt !== null || desktops.leftToOthers;
  if (desktops.open.length > 0) return 'handed_over';
  if (desktops.counted.length === 0 && !statedNone) return 'handed_over';
  const isProven = desktops.unwiped.length === 0 && desktops.seenAgain.length === 0;
  const lastWord = Math.max(desktops.lastProof, plan.noDesktopStatedAt?.getTime() ?? 0);
  const isReopened = plan.reopenedAt !== null && lastWord <= plan.reopenedAt.getTime();
  if (isProven && !isReopened && plan.rolledBackAt === null) return 'closed';
  return desktops.counted.length > 0 ? 'desktop_recovered' : 'handed_over';
}

/** Before the hand-over: decisions, then the appointment, then what the rules of readiness say. */
function stateBefore({ plan }: MovePicture, { booking, time }: Circumstances): MoveState {
  if (plan.deferral !== null && plan.deferral.until.getTime() > time) return 'deferred';
  if (plan.rolledBackAt !== null) return 'rolled_back';
  if (booking !== null) return 'scheduled';
  if (!plan.assessed) return 'not_started';
  if (plan.readiness === null) return 'assessed';
  return plan.readiness === 'ready' ? 'ready' : 'blocked';
}

function standingOf(
  picture: MovePicture,
  situation: MoveSituation,
  own: readonly PersonsDesktop[],
  stateSince: Date,
  settings: DerivationSettings,
  now: Date,
): MoveStanding {
  const { laptops, appointments, plan } = picture;
  const current = { ...situation, time: now.getTime() };
  const laptop = ownLaptop(laptops);
  const desktops = listDesktops(own, situation.desktops);
  const isDeferred = plan.deferral !== null && plan.deferral.until > now;
  const { doubts, nextDoubtAt } = doubtsOf(picture, current, settings);
  return {
    state: situation.state,
    stateSince,
    scopeReason: situation.scope.reason,
    readiness: plan.readiness,
    atRisk: situation.state === 'scheduled' && plan.readiness !== 'ready',
    workStyle: plan.workStyleConfirmed ?? plan.workStyleProposed,
    workStyleConfirmed: plan.workStyleConfirmed !== null,
    laptopId: laptop?.deviceId ?? null,
    laptopSince: laptop?.since ?? null,
    desktops,
    desktopCount: desktops.filter(({ counts }) => counts).length,
    recoveredCount: desktops.filter(({ counts, recoveredAt }) => counts && recoveredAt !== null).length,
    wipedCount: desktops.filter(({ counts, wipedAt }) => counts && wipedAt !== null).length,
    bookingId: situation.booking?.bookingId ?? null,
    appointmentAt: situation.booking === null ? null : new Date(situation.booking.startsAt),
    missedCount: appointments.missed.size,
    attemptCount: attemptsOf(appointments),
    deferredUntil: isDeferred ? (plan.deferral?.day ?? null) : null,
    doubts,
    nextCheckAt: earliest([plan.deferral?.until, picture.scope.exemption?.until, nextDoubtAt], now),
  };
}

function earliest(times: readonly (Date | null | undefined)[], now: Date): Date | null {
  const ahead = times.filter((time) => time instanceof Date && time > now).map((time) => Number(time));
  return ahead.length === 0 ? null : new Date(Math.min(...ahead));
}
