import type { MachineModel } from './machine-models.js';
import type { Random } from './random.js';

/** The first year whose processors Windows 11 supports: Intel's eighth generation (Microsoft's list of supported processors). */
const FIRST_CAPABLE_YEAR = 2018;

export const WINDOWS_11 = '10.0.26100';
const WINDOWS_11_OLDER = '10.0.22631';
const WINDOWS_10 = '10.0.19045';
const WINDOWS_10_OLDER = '10.0.17763';

/** Whether Windows 11 runs on a model. */
export function runsWindows11(model: MachineModel): boolean {
  return model.year >= FIRST_CAPABLE_YEAR;
}

/** Whether a version such as 10.0.22631.4317 is Windows 11: its build is 22000 or above. */
export function isWindows11(version: string): boolean {
  return Number(version.split('.')[2]) >= 22_000;
}

/**
 * The revision that the update of a month brings: invented, but rising with each second Tuesday, when Microsoft publishes its
 * updates.
 */
export function revision(now: number): number {
  const date = new Date(now);
  const months = (date.getUTCFullYear() - 2024) * 12 + date.getUTCMonth();
  const firstWeekday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)).getUTCDay();
  const secondTuesday = 8 + ((9 - firstWeekday) % 7);
  return 2900 + 130 * (date.getUTCDate() >= secondTuesday ? months : months - 1);
}

/** A version with its revision brought up to date. */
export function updated(version: string, now: number): string {
  return `${version.split('.').slice(0, 3).join('.')}.${revision(now)}`;
}

/** The version that a machine of this model runs; `current` is false for one that has not been updated for months. */
export function drawWindowsVersion(random: Random, model: MachineModel, current: boolean, now: number): string {
  const eleven = runsWindows11(model) && random.chance(model.year >= 2021 ? 0.9 : 0.35);
  const branch = eleven
    ? random.chance(0.6)
      ? WINDOWS_11
      : WINDOWS_11_OLDER
    : random.chance(0.95)
      ? WINDOWS_10
      : WINDOWS_10_OLDER;
  const behind = current ? (random.chance(0.8) ? 0 : random.between(1, 3)) : random.between(2, 14);
  return `${branch}.${revision(now) - 130 * behind}`;
}
