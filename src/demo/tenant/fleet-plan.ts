import type { FormFactor } from './machine-models.js';
import type { Random } from './random.js';
import type { Person } from './world.js';

/** One machine that the council should have, before it is given a model and records. */
export interface PlannedMachine {
  readonly form: FormFactor;
  /** Who works with it, or null for a shared one. */
  readonly owner: Person | null;
  readonly boxed: boolean;
}

/** Machines for each of the council's people: 4,500 for 3,500. */
const MACHINES_PER_PERSON = 4500 / 3500;

/** What the estate is made of early in the programme; people's own phones come on top. */
const MIX: Readonly<Record<FormFactor, number>> = {
  desktop: 0.49,
  laptop: 0.385,
  mini_pc: 0.035,
  all_in_one: 0.025,
  tablet: 0.02,
  phone: 0.025,
  virtual: 0.014,
  server: 0.006,
};
/** The share of each kind that stands in a public or shared place. */
const SHARED: Readonly<Record<FormFactor, number>> = {
  desktop: 0.09,
  laptop: 0.02,
  mini_pc: 0.6,
  all_in_one: 0.7,
  tablet: 0.3,
  phone: 0,
  virtual: 0.4,
  server: 1,
};
const BOXED_LAPTOPS = 0.07;
const SECOND_DESKTOPS = 0.04;

/**
 * Decides who has what: first desktops to people at desks (a few have two), then laptops to those who have nothing and to
 * some who also have a desktop, then the rest by chance; what is left over stands shared.
 */
export function planFleet(random: Random, people: readonly Person[]): PlannedMachine[] {
  const working = people.filter((person) => person.leftOn === null);
  const left = people.filter((person) => person.leftOn !== null);
  const total = Math.round(working.length * MACHINES_PER_PERSON);
  const atDesk = random.shuffled(working.filter((person) => person.atDesk));
  const plan: PlannedMachine[] = [];
  const counts = (form: FormFactor): { readonly owned: number; readonly shared: number } => {
    const all = Math.round(total * MIX[form]);
    const shared = Math.round(all * SHARED[form]);
    return { owned: all - shared, shared };
  };
  const give = (form: FormFactor, owner: Person | null, boxed = false): void => {
    plan.push({ form, owner, boxed });
  };

  const desktops = counts('desktop');
  const seconds = Math.round(desktops.owned * SECOND_DESKTOPS);
  const forLeavers = Math.min(left.length, Math.round(desktops.owned * 0.02));
  const firsts = Math.min(atDesk.length, desktops.owned - seconds - forLeavers);
  for (let one = 0; one < firsts; one++) give('desktop', atDesk[one] ?? null);
  for (let one = 0; one < seconds; one++) give('desktop', atDesk[one * 3] ?? null);
  for (let one = 0; one < forLeavers; one++) give('desktop', left[one] ?? null);

  const laptops = counts('laptop');
  const boxed = Math.round(laptops.owned * BOXED_LAPTOPS);
  const withoutMachine = atDesk.slice(firsts);
  const both = random.shuffled(atDesk.slice(0, firsts));
  const laptopOwners = [...withoutMachine, ...both, ...left.slice(forLeavers)];
  for (let one = 0; one < laptops.owned - boxed; one++) give('laptop', laptopOwners[one] ?? null);
  for (let one = 0; one < boxed; one++) give('laptop', null, true);

  for (const form of ['mini_pc', 'all_in_one', 'tablet', 'phone', 'virtual'] as const) {
    const owned = counts(form).owned;
    for (let one = 0; one < owned && working.length > 0; one++) give(form, random.pick(working));
  }
  for (const form of Object.keys(SHARED) as FormFactor[]) {
    for (let one = 0; one < counts(form).shared; one++) give(form, null);
  }
  return random.shuffled(plan);
}
