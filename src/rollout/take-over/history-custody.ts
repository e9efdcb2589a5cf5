import type { HistoricStep } from '../../devices/domain/lifecycle/custody-history.js';
import type { ProgrammeHistory } from './programme-history.js';

/** How a file's names are resolved: machines to devices, people to object ids; undefined for what is left out. */
export interface Names {
  readonly device: (machine: string) => number | undefined;
  readonly person: (name: string | null) => string | null;
}

const NONE = { holder: null, place: null, reason: null, reference: null, by: null } as const;

/** The steps of custody that a programme's records tell of. */
export function custodyStepsOf(history: ProgrammeHistory, { device, person }: Names): readonly HistoricStep[] {
  const steps: HistoricStep[] = [];
  const add = (machine: string, step: Pick<HistoricStep, 'command' | 'at'> & Partial<HistoricStep>): void => {
    const deviceId = device(machine);
    if (deviceId !== undefined) steps.push({ ...NONE, ...step, deviceId });
  };
  for (const { machine, at, place } of history.deliveries) add(machine, { command: 'receive', at, place });
  for (const { laptop, outcome, at, person: name, by } of history.bookings) {
    const holder = person(name);
    if (laptop === null || outcome !== 'booked' || holder === null) continue;
    add(laptop, { command: 'allocate', at, holder, by: person(by) });
  }
  for (const { machine, at, person: name, by } of history.handOvers) {
    const holder = person(name);
    if (holder !== null) add(machine, { command: 'hand-over', at, holder, by: person(by) });
  }
  for (const { machine, at, reason, by } of history.laptopReturns) {
    add(machine, { command: 'take-back', at, reason, by: person(by) });
  }
  for (const { machine, at, place, by } of history.recoveries) {
    add(machine, { command: 'take-back', at, place, by: person(by) });
  }
  for (const { machine, at, evidence, by } of history.wipes) {
    add(machine, { command: 'wipe', at, reference: evidence, by: person(by) });
  }
  for (const { machine, at, certificate } of history.disposals) {
    add(machine, { command: 'send-to-disposal', at: new Date(at.getTime() - 1), reference: certificate });
    add(machine, { command: 'dispose', at, reference: certificate });
  }
  for (const { machine, at, reason, reference } of history.losses) {
    if (reason === 'stolen') add(machine, { command: 'report-stolen', at, reference });
    if (reason !== 'written_off') continue;
    add(machine, { command: 'report-missing', at: new Date(at.getTime() - 1), reference });
    add(machine, { command: 'write-off', at, reference });
  }
  return steps;
}
