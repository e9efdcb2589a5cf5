import { choice, flag, instant, list, orNull, record, text, whole, type Schema } from '../web/api-schema.js';
import { DECIDED_BY, MODEL_STATES } from './domain/form-factor/classification.js';
import { FORM_FACTORS, SUPERCLASSES } from './domain/form-factor/form-factor.js';
import { CHANGE_CAUSES } from './form-factor-change.entity.js';

const confidence: Schema = { type: 'number', description: '0 to 1; 0 for unknown, 1 for a decision of a person.' };
const rule = text('Id of the rule that decided, also where none did.');
const decidedBy = choice(DECIDED_BY, 'What decided.');
const evidence = list(
  record({
    kind: text(),
    value: text('What was seen.'),
    formFactor: choice(FORM_FACTORS, 'What it points to.'),
    weight: { type: 'number' },
    reason: text(),
  }),
  'Everything that spoke, whether it decided or not.',
);
const contradictions = list(
  record({
    kind: text(),
    value: text('What was seen.'),
    formFactor: choice(FORM_FACTORS),
    superclass: choice(SUPERCLASSES),
  }),
  'What points to another side of portable, fixed and other.',
);

/** A decision of a person that holds. */
const override = orNull(
  record(
    {
      id: whole(),
      formFactor: choice(FORM_FACTORS),
      reason: text(),
      decidedBy: text(),
      decidedAt: instant(),
    },
    'What a person decided; null when nobody did.',
  ),
);

/** How a machine's class is known. */
export const classificationSchema: Schema = record(
  {
    rule: orNull(rule),
    reason: orNull(text()),
    confidence,
    decidedBy,
    contradicted: flag('Whether anything speaks against the class.'),
    evidence,
    contradictions,
    at: orNull(instant('When it last came out differently; null before the machine was classified.')),
    override,
    history: list(
      record({
        from: choice(FORM_FACTORS),
        fromSuperclass: choice(SUPERCLASSES),
        to: choice(FORM_FACTORS),
        toSuperclass: choice(SUPERCLASSES),
        rule,
        cause: choice(CHANGE_CAUSES, 'Whether records, the catalogue or a person said something new.'),
        reason: text(),
        by: orNull(text('Who decided; null for what was computed.')),
        at: instant(),
      }),
      'Every change of the class, the latest first; 100 at the most.',
    ),
  },
  'How the form factor is known.',
);

/** A model with what hangs on it. */
export const modelSchema: Schema = record({
  manufacturer: orNull(text()),
  model: orNull(text('As one of its machines reports it.')),
  state: choice(MODEL_STATES),
  machines: whole('Machines of the model that are present.'),
  unknown: whole('Those of them whose class is unknown.'),
  contradicted: whole('Those of them against whose class something speaks.'),
  classes: list(record({ formFactor: choice(FORM_FACTORS), machines: whole() })),
  rule,
  decidedBy,
  confidence,
  reason: text(),
  evidence,
  contradictions,
  exampleDeviceIds: list(whole(), 'Some of its machines, the most doubtful first.'),
  override,
});

/** What a decision led to. */
export const overrideOutcomeSchema: Schema = record({
  overrideId: whole('Number of the decision.'),
  devices: whole('Machines that it is about.'),
  changed: whole('Those of them that got another class by it.'),
});
