import type { FormFactor, MachineModel } from './machine-models.js';

/** A machine as it really is; the records of the directory, Intune and Autopilot are views of it. */
export interface Machine {
  readonly model: MachineModel;
  readonly form: FormFactor;
  serial: string;
  /** When it was bought, in milliseconds. */
  readonly bought: number;
  hostname: string;
  /** The user id of the person who works with it, or null: shared, in a box, in a cupboard. */
  owner: string | null;
  /** Whether it is switched on at all; a machine in a box or a cupboard is not. */
  inUse: boolean;
  /** The share of working days on which it is used. */
  readonly rhythm: number;
  /** After how many days the directory renews its approximate last sign-in: 14, give or take 5, fixed for each machine. */
  readonly signInInterval: number;
  /** The id of its device object in the directory, or null. */
  entraId: string | null;
  /** The device's `deviceId`, by which the sources agree, or null. */
  deviceId: string | null;
  /** The id of its Intune record, or null; a new enrolment gets a new one. */
  managedId: string | null;
  /** The id of its row in the Windows 11 readiness report, or null. */
  metricId: string | null;
  /** The id of its Autopilot identity, or null. */
  autopilotId: string | null;
  /** The simulated day on which its Intune record goes because it was replaced or collected, or null. */
  retiresOn: number | null;
}

/** Windows machines alone get readiness rows, hostnames and updates. */
export function isWindows(machine: Machine): boolean {
  return machine.form !== 'phone' && machine.model.manufacturer !== 'Apple';
}
