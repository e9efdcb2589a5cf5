/** One thing that `untether doctor` looked at. */
export interface Check {
  /** What was looked at, in a few stable words. */
  readonly name: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly message: string;
  /** What to do about it; null when nothing has to be done. */
  readonly fix: string | null;
}

export const ok = (name: string, message: string): Check => ({ name, status: 'ok', message, fix: null });
export const warn = (name: string, message: string, fix: string): Check => ({ name, status: 'warn', message, fix });
export const fail = (name: string, message: string, fix: string): Check => ({ name, status: 'fail', message, fix });

/** Judges how far two clocks are apart, in milliseconds, and when that is worth a warning or a failure. */
export function judgeClock(name: string, other: string, offset: number, limits: { warn: number; fail: number }): Check {
  const apart = Math.abs(offset);
  const shown = `${(apart / 1_000).toFixed(1)} s ${offset > 0 ? 'ahead of' : 'behind'} ${other}`;
  if (apart < limits.warn) return ok(name, `This machine's clock agrees with ${other}.`);
  const judge = apart < limits.fail ? warn : fail;
  return judge(name, `This machine's clock is ${shown}.`, 'Set the clocks by NTP (timedatectl set-ntp true on Linux).');
}
