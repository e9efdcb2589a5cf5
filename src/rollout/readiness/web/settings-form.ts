import { visibleText } from '../../../common/visible-text.js';
import { InputError } from '../../../common/errors.js';
import { WORK_STYLES } from '../../domain/move-words.js';
import { isReadinessRule, READINESS_RULES, type ReadinessRule } from '../../domain/readiness/rules.js';
import type { ApprovedModel, ReadinessSettings } from '../../domain/readiness/settings.js';
import type { RolloutSettingsInput } from '../rollout-settings.service.js';

type Sent = Readonly<Record<string, string | readonly string[]>>;

/** What was typed on the settings page. */
export interface SettingsSent extends RolloutSettingsInput {
  readonly version: number;
  readonly reason: string;
}

const LONGEST_REASON = 2_000;
const PLAIN = ['version', 'reason', 'lastSeenDays', 'handoverConfirmationDays', 'missesThatEscalate'] as const;
const MANY = ['notWaivable', 'licenceSkus', ...WORK_STYLES.map((style) => `gates-${style}`)];
const NAMES = new Set<string>([
  ...PLAIN,
  ...MANY,
  'approvedModels',
  'trainingAsked',
  ...READINESS_RULES.map((rule) => `owner-${rule}`),
]);

/**
 * Reads the fields of the settings page, which depend on the rules; what they may hold is for the service to check.
 * @throws InputError 400 for a field that the page does not have, 422 without a reason or for a number that is none
 */
export function settingsSent(sent: Sent): SettingsSent {
  const stray = Object.keys(sent).find((name) => !NAMES.has(name));
  if (stray !== undefined) throw new InputError('The form has a field that is not of this page.', [], 400);
  const twice = Object.keys(sent).find((name) => Array.isArray(sent[name]) && !MANY.includes(name));
  if (twice !== undefined) throw new InputError('A field came twice.', [{ field: twice, message: 'Enter it once' }]);
  const reason = visibleText(one(sent, 'reason'));
  if (reason === '' || reason.length > LONGEST_REASON || !/^(?:[^\p{Cc}\p{Cs}]|\n)*$/u.test(reason)) {
    throw new InputError('Say why.', [
      { field: 'reason', message: `Enter the reason, of at most ${LONGEST_REASON} characters` },
    ]);
  }
  return {
    version: numberOf(sent, 'version'),
    reason,
    handoverConfirmationDays: numberOf(sent, 'handoverConfirmationDays'),
    missesThatEscalate: numberOf(sent, 'missesThatEscalate'),
    readiness: {
      gates: Object.fromEntries(
        WORK_STYLES.map((style) => [style, rules(sent, `gates-${style}`)]),
      ) as unknown as ReadinessSettings['gates'],
      owners: Object.fromEntries(
        READINESS_RULES.map((rule) => [rule, one(sent, `owner-${rule}`).trim()]),
      ) as unknown as ReadinessSettings['owners'],
      notWaivable: rules(sent, 'notWaivable'),
      lastSeenDays: numberOf(sent, 'lastSeenDays'),
      approvedModels: modelsIn(one(sent, 'approvedModels')),
      licenceSkus: many(sent, 'licenceSkus'),
      trainingAsked: one(sent, 'trainingAsked') === 'yes',
    },
  };
}

/** One model a line: the maker, a comma, the model. */
export function modelsText(models: readonly ApprovedModel[]): string {
  return models.map(({ manufacturer, model }) => `${manufacturer}, ${model}`).join('\n');
}

function modelsIn(text: string): ApprovedModel[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [manufacturer = '', ...model] = line.split(',');
      return { manufacturer: manufacturer.trim(), model: model.join(',').trim() };
    });
}

function one(sent: Sent, name: string): string {
  const value = sent[name] ?? '';
  return typeof value === 'string' ? value : '';
}

function many(sent: Sent, name: string): readonly string[] {
  const value = sent[name] ?? [];
  return typeof value === 'string' ? (value === '' ? [] : [value]) : value;
}

function rules(sent: Sent, name: string): readonly ReadinessRule[] {
  const chosen = many(sent, name);
  if (chosen.every(isReadinessRule)) return chosen;
  throw new InputError('Choose among the rules.', [{ field: name, message: 'Choose among the rules' }]);
}

function numberOf(sent: Sent, name: (typeof PLAIN)[number]): number {
  const text = one(sent, name).trim();
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InputError('Enter a number.', [{ field: name, message: 'Enter a whole number' }]);
}
