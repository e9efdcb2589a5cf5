import { anyObject, choice, flag, instant, list, orNull, record, text, whole } from '../../../web/api-schema.js';
import { READINESS_OUTCOMES } from '../../domain/move-words.js';
import { REASON_CODES, READINESS_RULES } from '../../domain/readiness/rules.js';

const day = (description: string) => ({ ...text(description), format: 'date' });

export const blockerSchema = record({
  rule: choice(READINESS_RULES),
  outcome: choice(READINESS_OUTCOMES),
  reason: choice(REASON_CODES),
  subject: text('The site or application; empty for rules about people themselves.'),
  owner: text('`person:` and an object id, a role or queue, or `self` where each person clears it for themselves.'),
  ownerName: orNull(text('Present name of an owner who is a person.')),
  since: instant('Since when the first of them has waited for it.'),
  unlocks: whole('People who become ready when it is cleared, as nothing else stands in their way.'),
  people: whole('Everybody who waits for it.'),
});

const turned = list(record({ name: text('Empty for none.'), becomeReady: whole(), stopBeingReady: whole() }));

export const whatIfSchema = record({
  asked: whole('People who wait and whose rules have been asked.'),
  readyNow: whole(),
  becomeReady: whole(),
  stopBeingReady: whole(),
  bySite: turned,
  byTeam: turned,
  byWave: turned,
  people: list(
    record({
      moveId: whole(),
      displayName: orNull(text()),
      team: orNull(text()),
      site: orNull(text()),
      becomesReady: flag('False for somebody who would not be ready any more.'),
    }),
    'The first 200 of them; the numbers are of all.',
  ),
});

export const whatIfBodySchema = {
  type: 'object' as const,
  required: ['assumptions'],
  additionalProperties: false,
  properties: {
    assumptions: {
      type: 'array' as const,
      minItems: 1,
      maxItems: 20,
      description: 'Where two are about the same, the later counts.',
      items: {
        type: 'object' as const,
        required: ['rule', 'outcome'],
        properties: {
          rule: { type: 'string' as const, enum: [...READINESS_RULES] },
          outcome: { type: 'string' as const, enum: [...READINESS_OUTCOMES] },
          for: {
            type: 'string' as const,
            enum: ['all', 'site', 'team', 'directorate', 'work-style', 'application'],
            default: 'all',
          },
          value: { type: 'string' as const, description: 'Which site, team, directorate, work style or application.' },
        },
      },
    },
  },
};

export const waiverSchema = record({
  id: whole(),
  rule: choice(READINESS_RULES),
  reason: text(),
  expiresOn: day('The last day on which it holds, in the UK.'),
  grantedBy: text('Who granted it, as a reference.'),
  grantedAt: instant(),
  endedAt: orNull(instant('Null while it holds.')),
  endedBy: orNull(text()),
  endReason: orNull(text()),
});

export const resultSchema = record({
  moveId: whole(),
  rule: choice(READINESS_RULES),
  subject: text('The site or application that it is about; empty for rules about the move as a whole.'),
  outcome: choice(READINESS_OUTCOMES),
  reason: choice(REASON_CODES),
  owner: text(),
  since: instant(),
  evidence: anyObject('What it was read from.'),
  gates: flag('Whether the person cannot move before it is ready.'),
  blocks: flag('Whether it stands in the way now.'),
  waiver: orNull(
    record({ id: whole(), reason: text(), expiresOn: day('Last day on which it holds.'), grantedBy: text() }),
  ),
});

export const applicationSchema = record({
  id: whole(),
  name: text(),
  state: choice(READINESS_OUTCOMES, 'Whether it works on the laptops.'),
  owner: orNull(text('Null for the one of the settings.')),
  note: orNull(text()),
  since: instant('Since when it is in this state.'),
  version: text('Send it with a change.'),
  people: whole('People who wait and need it.'),
});

export const settingsSchema = record({
  version: whole('0 before anybody has changed them.'),
  readiness: anyObject('Which rules gate whom, who clears what, and what they measure by.'),
  versions: list(
    record({
      version: whole(),
      settings: anyObject('All settings of the programme in this version.'),
      reason: text(),
      actor: text(),
      at: instant(),
    }),
  ),
});
