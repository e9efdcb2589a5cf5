import { columnsOf } from '../common/csv-columns.js';
import { FORM_FACTOR_NAMES } from './domain/device-words.js';
import type { ModelView } from './form-factor.queries.js';

/** What an export of models shows: what their list shows, evidence and examples in short. */
export const MODEL_COLUMNS = columnsOf<ModelView>({
  manufacturer: 'Manufacturer',
  model: 'Model',
  state: 'State',
  machines: 'Machines',
  unknown: 'Unknown',
  contradicted: 'Contradicted',
  classes: [
    {
      name: 'classes',
      header: 'Classes',
      value: ({ classes }) =>
        classes.map(({ formFactor, machines }) => `${FORM_FACTOR_NAMES[formFactor]}: ${machines}`).join('; '),
    },
  ],
  decidedBy: 'Decided by',
  confidence: 'Confidence',
  rule: 'Rule',
  reason: 'Reason',
  evidence: [
    {
      name: 'evidence',
      header: 'Evidence',
      value: ({ evidence }) => evidence.map(({ kind, value }) => `${kind}: ${value}`).join('; '),
    },
  ],
  contradictions: [
    {
      name: 'contradictions',
      header: 'Speaks against it',
      value: ({ contradictions }) => contradictions.map(({ kind, value }) => `${kind}: ${value}`).join('; '),
    },
  ],
  exampleDeviceIds: [
    { name: 'examples', header: 'Examples', value: ({ exampleDeviceIds }) => exampleDeviceIds.join('; ') },
  ],
  override: [
    {
      name: 'override',
      header: 'Decision of a person',
      value: ({ override }) => override && FORM_FACTOR_NAMES[override.formFactor],
    },
    { name: 'overrideReason', header: 'Reason of the decision', value: ({ override }) => override?.reason },
  ],
});
