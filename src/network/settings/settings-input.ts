import { InputError, type FieldError } from '../../common/errors.js';
import { visibleText } from '../../common/visible-text.js';
import { membersOf } from '../../web/json-body.js';
import { ASSUMPTION_IDS } from '../domain/assumptions.js';
import type { NetworkSettings } from '../domain/network-settings.js';
import { DECIDING } from '../domain/thresholds/thresholds.js';
import type { NetworkSettingsChange } from './network-settings.service.js';

type Sent = Readonly<Record<string, string | readonly string[]>>;

const LONGEST_REASON = 2_000;
const LONGEST_NUMBER = 20;
const PLAIN = ['version', 'reason', 'neededAtSite', 'neededAtHome'] as const;
const NAMES = new Set<string>([
  ...PLAIN,
  ...[...DECIDING.keys()].map((id) => `thresholds.${id}`),
  ...ASSUMPTION_IDS.map((id) => `assumptions.${id}`),
]);

/**
 * Reads the form of the settings page. A threshold that is left empty is as it was published; what figures may be is for
 * the service to check.
 * @throws InputError 400 for a field that the page does not have, 422 without a reason or for what is no number
 */
export function settingsOfForm(sent: Sent): NetworkSettingsChange {
  const stray = Object.keys(sent).find((name) => !NAMES.has(name));
  if (stray !== undefined) throw new InputError('The form has a field that is not of this page.', [], 400);
  const twice = Object.keys(sent).find((name) => typeof sent[name] !== 'string');
  if (twice !== undefined) throw new InputError('A field came twice.', [{ field: twice, message: 'Enter it once' }]);
  const text = (name: string): string => String(sent[name] ?? '').trim();
  const errors: FieldError[] = [];
  const number = (field: string): number => {
    const value = numberIn(text(field));
    if (value === null) errors.push({ field, message: 'Enter a number, such as 2500 or 0.5' });
    return value ?? Number.NaN;
  };
  const thresholds = [...DECIDING.keys()].filter((id) => text(`thresholds.${id}`) !== '');
  const settings: unknown = {
    thresholds: Object.fromEntries(thresholds.map((id) => [id, number(`thresholds.${id}`)])),
    assumptions: Object.fromEntries(ASSUMPTION_IDS.map((id) => [id, number(`assumptions.${id}`)])),
    neededAtSite: text('neededAtSite'),
    neededAtHome: text('neededAtHome'),
  };
  const version = /^\d{1,9}$/.test(text('version')) ? Number(text('version')) : null;
  if (version === null) errors.push({ field: 'version', message: 'Load the page again' });
  const reason = reasonIn(sent['reason'], errors);
  if (errors.length > 0) throw new InputError('Put the settings right.', errors);
  return { settings: settings as NetworkSettings, reason, version: version ?? 0 };
}

/**
 * Reads the body of the API, which names every assumption and those thresholds that the council has its own figure for.
 * @throws InputError 400 for members that are not known or not of their kind, 422 without a reason
 */
export function settingsOfBody(body: unknown): Omit<NetworkSettingsChange, 'version'> {
  const members = membersOf(body, ['thresholds', 'assumptions', 'neededAtSite', 'neededAtHome', 'reason']);
  const errors: FieldError[] = [];
  const reason = reasonIn(members['reason'], errors);
  const figures = (name: 'thresholds' | 'assumptions'): Readonly<Record<string, unknown>> => {
    const value = members[name];
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    throw new InputError('Put the request right.', [{ field: name, message: 'give an object of numbers' }], 400);
  };
  const settings: unknown = {
    thresholds: figures('thresholds'),
    assumptions: figures('assumptions'),
    neededAtSite: members['neededAtSite'],
    neededAtHome: members['neededAtHome'],
  };
  if (errors.length > 0) throw new InputError('Say why.', errors);
  return { settings: settings as NetworkSettings, reason };
}

/** A number as people type it, with or without commas between thousands; null for what is none. */
function numberIn(text: string): number | null {
  if (text.length > LONGEST_NUMBER) return null;
  return /^(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?$/.test(text) ? Number(text.replaceAll(',', '')) : null;
}

function reasonIn(value: unknown, errors: FieldError[]): string {
  const reason = typeof value === 'string' ? visibleText(value) : '';
  if (reason !== '' && reason.length <= LONGEST_REASON && /^(?:[^\p{Cc}\p{Cs}]|\n)*$/u.test(reason)) return reason;
  errors.push({ field: 'reason', message: `Enter the reason, of at most ${LONGEST_REASON} characters` });
  return '';
}
