import { choice, flag, instant, list, orNull, record, text, whole, type Schema } from '../../../web/api-schema.js';
import { ASSUMPTION_IDS, ASSUMPTIONS } from '../../domain/assumptions.js';
import { NEEDED_VERDICTS } from '../../domain/network-words.js';
import { DECIDING } from '../../domain/thresholds/thresholds.js';

const number = (description?: string): Schema => ({ type: 'number', ...(description ? { description } : {}) });
const source = record({
  document: text(),
  page: orNull(text('Where it can be read; null for what the council has decided.')),
  dated: text('Day or year of the document.'),
});

export const settingsSchema = record({
  version: whole('0 until somebody changes the settings. The ETag begins with it.'),
  neededAtSite: choice(NEEDED_VERDICTS),
  neededAtHome: choice(NEEDED_VERDICTS),
  thresholds: list(
    record({
      id: text(),
      group: text(),
      measure: text(),
      test: choice(['below', 'at_most', 'at_least']),
      value: number('As it counts.'),
      unit: text(),
      source,
      assumption: flag('True where the council has put its own figure in place of the published one.'),
      decides: orNull(choice(NEEDED_VERDICTS, 'Null for what is shown and decides nothing.')),
      published: record({ value: number(), source }),
    }),
  ),
  assumptions: list(
    record({
      id: text(),
      words: text(),
      why: text('Why it begins with its value; no authority gives one.'),
      unit: text(),
      least: number(),
      most: number(),
      value: number('As it counts.'),
      byDefault: number(),
    }),
  ),
});

export const versionsSchema = list(
  record({ version: whole(), reason: text(), actor: text('Who changed them, as a reference.'), createdAt: instant() }),
);

const figures = (ids: Iterable<string>, required: boolean, description: string) => ({
  type: 'object' as const,
  description,
  additionalProperties: false,
  properties: Object.fromEntries([...ids].map((id) => [id, { type: 'number' as const }])),
  ...(required ? { required: [...ids] } : {}),
});

export const settingsBodySchema = {
  type: 'object' as const,
  required: ['thresholds', 'assumptions', 'neededAtSite', 'neededAtHome', 'reason'],
  additionalProperties: false,
  properties: {
    thresholds: figures(DECIDING.keys(), false, 'The council’s own figures; what is left out is as published.'),
    assumptions: {
      ...figures(ASSUMPTION_IDS, true, 'Every assumption.'),
      example: Object.fromEntries(ASSUMPTION_IDS.map((id) => [id, ASSUMPTIONS[id].value])),
    },
    neededAtSite: { type: 'string' as const, enum: [...NEEDED_VERDICTS] },
    neededAtHome: { type: 'string' as const, enum: [...NEEDED_VERDICTS] },
    reason: { type: 'string' as const, minLength: 1, maxLength: 2_000 },
  },
};
