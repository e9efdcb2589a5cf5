import type { HeldMachine } from './eligibility.js';

/**
 * The machine that is proposed to be given back for a new laptop or desktop: the only one of the same kind, or else the
 * only one there is. Where there are several, a person chooses.
 */
export function proposedReturn(machines: readonly HeldMachine[], isPortable: boolean): number | null {
  const returnable = machines.filter(({ isReturnable }) => isReturnable);
  const alike = returnable.filter((machine) => machine.isPortable === isPortable);
  const [only] = alike.length > 0 ? alike : returnable;
  return (alike.length > 0 ? alike : returnable).length === 1 && only ? only.deviceId : null;
}
