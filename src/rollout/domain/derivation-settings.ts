/** What the derivation of states takes from the programme's settings. */
export interface DerivationSettings {
  /** Days after a hand-over within which the person must confirm it or be seen on the laptop. */
  readonly handoverConfirmationDays: number;
  /** Missed appointments after which it is raised with the manager. */
  readonly missesThatEscalate: number;
}

/** What a programme starts with; no outside source sets these, each programme may choose its own. */
export const DEFAULT_DERIVATION_SETTINGS: DerivationSettings = {
  handoverConfirmationDays: 7,
  missesThatEscalate: 3,
};

/** Settings of the derivation, as a programme has them or as programmes begin. */
export function derivationSettingsIn(settings: Readonly<Record<string, unknown>>): DerivationSettings {
  const days = (name: keyof DerivationSettings): number => {
    const value = settings[name];
    return typeof value === 'number' && value > 0 ? value : DEFAULT_DERIVATION_SETTINGS[name];
  };
  return { handoverConfirmationDays: days('handoverConfirmationDays'), missesThatEscalate: days('missesThatEscalate') };
}
