import type { DerivationSettings } from './derivation-settings.js';
import { MOVE_DOUBTS, type MoveDoubt, type MoveDoubtKind } from './move-doubt.js';
import { ownLaptop, type LaptopPicture } from './move-laptops.js';
import type { MovePicture, MoveSituation } from './move-picture.js';

const DAY = 86_400_000;

interface Doubts {
  readonly doubts: readonly MoveDoubt[];
  /** When time alone may raise another. */
  readonly nextDoubtAt: Date | null;
}

/** What is doubtful about a move, in the order of `MOVE_DOUBTS`, then of the devices. */
export function doubtsOf(picture: MovePicture, situation: MoveSituation, settings: DerivationSettings): Doubts {
  const confirmBy = timeToConfirm(picture.laptops, settings);
  const isInProgramme = situation.scope.state === 'in';
  const doubts = [
    ...situation.desktops.seenAgain.map(({ deviceId, use }) =>
      doubt('recovered-desktop-seen', use.seenAgainAt ?? use.since, deviceId),
    ),
    ...(situation.scope.state === 'left' ? doubtsAboutLeaver(picture, situation) : []),
    ...(isInProgramme ? doubtsAboutLaptops(picture, situation, confirmBy) : []),
    ...(isInProgramme ? doubtsAboutStatements(picture, situation, settings) : []),
  ];
  return { doubts: doubts.sort(byKind), nextDoubtAt: isInProgramme ? confirmBy : null };
}

function doubtsAboutLeaver({ scope, laptops }: MovePicture, { desktops }: MoveSituation): readonly MoveDoubt[] {
  const { left } = scope;
  if (left === null) return [];
  const devices = [...laptops.held.keys(), ...desktops.open.map(({ deviceId }) => deviceId)];
  return [...new Set(devices)].map((deviceId) => doubt('leaver-has-equipment', left, deviceId));
}

/**
 * Until when the hand-over of the person's laptop is to be confirmed by them or by a sight of them on it; null where it
 * is. Only custody is given that time: what Intune's primary user or somebody's word says is doubtful until then.
 */
function timeToConfirm(laptops: LaptopPicture, { handoverConfirmationDays }: DerivationSettings): Date | null {
  const laptop = ownLaptop(laptops);
  if (laptop === null || laptops.confirmed.has(laptop.deviceId)) return null;
  return laptop.by === 'custody' ? new Date(laptop.since.getTime() + handoverConfirmationDays * DAY) : laptop.since;
}

function doubtsAboutLaptops(
  { laptops, appointments, plan, scope }: MovePicture,
  { time }: MoveSituation,
  confirmBy: Date | null,
): readonly MoveDoubt[] {
  const doubts: MoveDoubt[] = [];
  const laptop = ownLaptop(laptops);
  if (laptop !== null && confirmBy !== null && confirmBy.getTime() <= time) {
    doubts.push(doubt('handover-unconfirmed', confirmBy, laptop.deviceId));
  }
  const { gone } = laptops;
  const { attended } = appointments;
  if (attended !== null && laptop === null && (gone === null || gone.at < attended)) {
    doubts.push(doubt('handover-unconfirmed', attended, null));
  }
  if (gone !== null && plan.rolledBackAt === null && scope.enteredAt !== null && gone.at >= scope.enteredAt) {
    doubts.push(doubt('laptop-gone', gone.at, gone.deviceId));
  }
  const second = [...laptops.held.values()].sort((one, other) => one.since.getTime() - other.since.getTime())[1];
  if (second !== undefined) doubts.push(doubt('several-laptops', second.since, second.deviceId));
  for (const [deviceId, { at, observed }] of laptops.confirmed) {
    if (observed && !laptops.held.has(deviceId)) doubts.push(doubt('holder-and-user-differ', at, deviceId));
  }
  return doubts;
}

function doubtsAboutStatements(
  { laptops, appointments, plan }: MovePicture,
  { desktops, state }: MoveSituation,
  { missesThatEscalate }: DerivationSettings,
): readonly MoveDoubt[] {
  const doubts: MoveDoubt[] = [];
  const hasLaptop = laptops.held.size > 0;
  const { noDesktopStatedAt, rolledBackAt, deferral } = plan;
  if (noDesktopStatedAt !== null) {
    for (const { deviceId, use } of desktops.open) {
      doubts.push(doubt('desktop-denied-but-known', later(noDesktopStatedAt, use.since), deviceId));
    }
  }
  if (rolledBackAt !== null && hasLaptop) {
    doubts.push(doubt('rolled-back-with-laptop', rolledBackAt, ownLaptop(laptops)?.deviceId ?? null));
  }
  const escalating = [...appointments.missed.values()][missesThatEscalate - 1];
  if (escalating !== undefined && !hasLaptop) doubts.push(doubt('missed-three-times', escalating, null));
  const isWaiting = state === 'not_started' || state === 'assessed' || state === 'blocked' || state === 'ready';
  if (deferral !== null && isWaiting) doubts.push(doubt('deferral-over', deferral.until, null));
  return doubts;
}

function doubt(kind: MoveDoubtKind, since: Date, deviceId: number | null): MoveDoubt {
  return { kind, deviceId, since: since.toISOString() };
}

function later(one: Date, other: Date): Date {
  return one > other ? one : other;
}

function byKind(one: MoveDoubt, other: MoveDoubt): number {
  return MOVE_DOUBTS.indexOf(one.kind) - MOVE_DOUBTS.indexOf(other.kind) || (one.deviceId ?? 0) - (other.deviceId ?? 0);
}
