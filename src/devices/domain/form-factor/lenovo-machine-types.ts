import type { LenovoMachineType } from './catalogue-data.js';
import { superclassOf, type FormFactor } from './form-factor.js';

// A Lenovo model number is the four characters of the machine type and up to six of the configuration (psref.lenovo.com);
// a scanned label carries "1S" in front and the serial number behind.
const MODEL_NUMBER = /^(?:1S(?=[0-9A-Z]{10}))?((?=[A-Z]{0,3}[0-9])[0-9A-Z]{4})(?:[0-9A-Z]{3,16})?(?: |$)/;
const ALL_DIGITS = /^[0-9]{4}$/;
// Types of only digits were handed out in runs. Between two recorded types of one side that are at most this far apart, a
// third was of the same side in 189 of 192 cases, each recorded type left out in turn (linuxhw/DMI, 1,236 types).
const WIDEST_RUN = 40;

/** Two recorded types on either side of one that is not recorded. */
export interface Neighbours {
  readonly machineType: string;
  readonly below: LenovoMachineType;
  readonly above: LenovoMachineType;
  /** `laptop` or `desktop`: what both are, without more detail than that. */
  readonly formFactor: FormFactor;
}

/** The machine type at the start of a Lenovo model number, or undefined if the words are not a model number. */
export function machineTypeOf(words: string): string | undefined {
  return MODEL_NUMBER.exec(words)?.[1];
}

/** Finds the recorded types next to one that is not recorded itself. */
export class MachineTypeRuns {
  readonly #sorted: readonly LenovoMachineType[];

  constructor(machineTypes: readonly LenovoMachineType[]) {
    this.#sorted = machineTypes
      .filter(({ machineType, formFactor }) => ALL_DIGITS.test(machineType) && formFactor !== 'unknown')
      .sort((a, b) => Number(a.machineType) - Number(b.machineType));
  }

  /** The neighbours of a type of four digits, or undefined if they are too far apart or on different sides. */
  around(machineType: string): Neighbours | undefined {
    if (!ALL_DIGITS.test(machineType)) return undefined;
    const at = this.#firstAbove(Number(machineType));
    const below = this.#sorted[at - 1];
    const above = this.#sorted[at];
    if (below === undefined || above === undefined) return undefined;
    if (Number(above.machineType) - Number(below.machineType) > WIDEST_RUN) return undefined;
    const side = superclassOf(below.formFactor);
    if (side !== superclassOf(above.formFactor) || (side !== 'portable' && side !== 'fixed')) return undefined;
    return { machineType, below, above, formFactor: side === 'portable' ? 'laptop' : 'desktop' };
  }

  #firstAbove(machineType: number): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (Number(this.#sorted[middle]?.machineType) > machineType) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
