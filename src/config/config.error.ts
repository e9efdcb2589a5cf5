/** One setting that keeps the application from starting. */
export interface SettingProblem {
  /** Name of the environment variable. */
  readonly name: string;
  /** What is wrong with it. Never holds the value of a secret. */
  readonly reason: string;
  /** What to do about it. */
  readonly fix: string;
}

/** The settings do not allow a start; the message names every setting, the reason and the fix. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly SettingProblem[]) {
    super(
      [
        'Untether cannot start with these settings:',
        ...problems.map((problem) => `  ${problem.name}: ${problem.reason} ${problem.fix}`),
      ].join('\n'),
    );
    this.name = 'ConfigError';
  }
}
