import { optionsOf, type Cell, type ListDefinition } from '../../web/list-definition.js';
import { paths } from '../../web/paths.js';
import { ModelsParameters } from '../api/form-factor.parameters.js';
import { FORM_FACTOR_NAMES } from '../domain/device-words.js';
import type { DecidedBy, ModelState } from '../domain/form-factor/classification.js';
import type { ModelView } from '../form-factor.queries.js';
import { MODEL_COLUMNS } from '../models.columns.js';

const STATES: Readonly<Record<ModelState, string>> = {
  unknown: 'Unknown',
  contradicted: 'Contradicted',
  decided: 'Known',
};
const STATE_TAGS: Readonly<Record<ModelState, string>> = {
  unknown: 'govuk-tag--orange',
  contradicted: 'govuk-tag--yellow',
  decided: 'govuk-tag--green',
};
const DECIDED_BY: Readonly<Record<DecidedBy, string>> = {
  device_override: 'A person, for the machine',
  model_override: 'A person, for the model',
  catalogue: 'The catalogue',
  signal: 'A weak signal',
  none: 'Nothing',
};

/** The models of the estate; with the state `unknown` or `contradicted` those that wait for a decision. */
export const MODEL_LIST: ListDefinition<ModelView, ModelsParameters> = {
  name: 'models',
  title: 'Models',
  section: 'models',
  path: paths.models(),
  one: 'model',
  many: 'models',
  parameters: ModelsParameters,
  fields: [
    { name: 'state', label: 'Class', kind: 'choice', options: optionsOf(STATES) },
    { name: 'manufacturer', label: 'Manufacturer', hint: 'Any name of the maker.', kind: 'text' },
    { name: 'formFactor', label: 'Has machines of the class', kind: 'choice', options: optionsOf(FORM_FACTOR_NAMES) },
  ],
  columns: MODEL_COLUMNS,
  shown: ['model', 'manufacturer', 'state', 'machines', 'unknown', 'contradicted', 'classes', 'decidedBy', 'override'],
  sorts: {},
  defaultSort: null,
  numeric: ['machines', 'unknown', 'contradicted', 'confidence'],
  cells: {
    model: modelCell,
    state: ({ state }) => ({ text: STATES[state], tag: STATE_TAGS[state] }),
    classes: ({ classes }) => ({
      parts: classes.map(({ formFactor, machines }) => ({ text: `${FORM_FACTOR_NAMES[formFactor]}: ${machines}` })),
    }),
    decidedBy: ({ decidedBy }) => ({ text: DECIDED_BY[decidedBy] }),
    examples: ({ exampleDeviceIds }) => ({
      parts: exampleDeviceIds.map((id) => ({ text: String(id), href: paths.device(id) })),
    }),
  },
  file: { path: '/api/v1/models.csv', permission: 'estate:export' },
  nothing: 'There are no models yet. They appear when machines have been classified.',
};

/** The model with the way to the page on which it is decided; a machine that names no model is decided by itself. */
function modelCell({ manufacturer, model }: ModelView): Cell {
  if (!manufacturer?.trim() || !model?.trim()) return { text: model?.trim() || 'Names no model' };
  return { text: model, href: paths.modelDecision(manufacturer, model) };
}
