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
