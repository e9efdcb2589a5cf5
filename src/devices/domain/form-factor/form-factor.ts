/** What kind of machine it is. `unknown` is a result of its own, never a default for something else. */
export const FORM_FACTORS = [
  'desktop',
  'all_in_one',
  'mini_pc',
  'laptop',
  'convertible',
  'tablet',
  'phone',
  'thin_client',
  'workstation_fixed',
  'workstation_mobile',
  'virtual',
  'server',
  'appliance',
  'unknown',
] as const;
export type FormFactor = (typeof FORM_FACTORS)[number];

/** The question the rollout asks: can its user carry it home? */
export const SUPERCLASSES = ['portable', 'fixed', 'other', 'unknown'] as const;
export type Superclass = (typeof SUPERCLASSES)[number];

const SUPERCLASS_OF: Readonly<Record<FormFactor, Superclass>> = {
  desktop: 'fixed',
  all_in_one: 'fixed',
  mini_pc: 'fixed',
  thin_client: 'fixed',
  workstation_fixed: 'fixed',
  laptop: 'portable',
  convertible: 'portable',
  tablet: 'portable',
  workstation_mobile: 'portable',
  phone: 'other',
  virtual: 'other',
  server: 'other',
  appliance: 'other',
  unknown: 'unknown',
};

export function superclassOf(formFactor: FormFactor): Superclass {
  return SUPERCLASS_OF[formFactor];
}

export function isFormFactor(value: string): value is FormFactor {
  return Object.hasOwn(SUPERCLASS_OF, value);
}
