import type { FactHandlers } from './fact-handlers.js';
import type { AssignmentSource } from './move-fact.js';

/** A laptop that somebody has. */
export interface HeldLaptop {
  readonly deviceId: number;
  readonly by: AssignmentSource;
  readonly since: Date;
}

/** What the facts so far say about a person's laptops. */
export interface LaptopPicture {
  readonly held: Map<number, HeldLaptop>;
  /** Laptops that the person has been seen on, or said to have received, since they last gave them back. */
  readonly confirmed: Map<number, { readonly at: Date; readonly observed: boolean }>;
  /** Since when there was always one. */
  unbrokenSince: Date | null;
  /** The last one, where there is none any more. */
  gone: { readonly deviceId: number; readonly at: Date } | null;
}

const TRUST: Readonly<Record<AssignmentSource, number>> = { custody: 2, 'primary-user': 1, statement: 0 };

export function noLaptops(): LaptopPicture {
  return { held: new Map(), confirmed: new Map(), unbrokenSince: null, gone: null };
}

/** What facts do to the laptops. */
export const LAPTOP_HANDLERS: FactHandlers<LaptopPicture> = {
  'laptop-assigned': (laptops, { deviceId, details, at }) => {
    if (deviceId !== null) assign(laptops, deviceId, details.by, at);
  },
  'laptop-received': (laptops, { deviceId, at }) => {
    if (deviceId !== null && !laptops.confirmed.has(deviceId)) laptops.confirmed.set(deviceId, { at, observed: false });
  },
  'laptop-observed': (laptops, { deviceId, at }) => {
    if (deviceId === null || laptops.confirmed.get(deviceId)?.observed === true) return;
    laptops.confirmed.set(deviceId, { at, observed: true });
  },
  'laptop-returned': (laptops, { deviceId, at }) => {
    if (deviceId !== null) giveBack(laptops, deviceId, at);
  },
};

/** Custody speaks before Intune's primary user, and this before what somebody states. */
function assign(laptops: LaptopPicture, deviceId: number, by: AssignmentSource, at: Date): void {
  const known = laptops.held.get(deviceId);
  const since = known?.since ?? at;
  laptops.held.set(deviceId, {
    deviceId,
    since,
    by: known !== undefined && TRUST[known.by] > TRUST[by] ? known.by : by,
  });
  laptops.unbrokenSince ??= at;
  laptops.gone = null;
}

function giveBack(laptops: LaptopPicture, deviceId: number, at: Date): void {
  laptops.confirmed.delete(deviceId);
  if (!laptops.held.delete(deviceId) || laptops.held.size > 0) return;
  laptops.unbrokenSince = null;
  laptops.gone = { deviceId, at };
}

/** The one that counts as the person's own: best known, then latest, then of the highest id. */
export function ownLaptop(laptops: LaptopPicture): HeldLaptop | null {
  let best: HeldLaptop | null = null;
  for (const laptop of laptops.held.values()) if (best === null || isBetter(laptop, best)) best = laptop;
  return best;
}

function isBetter(one: HeldLaptop, other: HeldLaptop): boolean {
  return (
    (TRUST[one.by] - TRUST[other.by] || one.since.getTime() - other.since.getTime() || one.deviceId - other.deviceId) >
    0
  );
}
