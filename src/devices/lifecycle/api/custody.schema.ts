import {
  anyObject,
  choice,
  flag,
  instant,
  list,
  orNull,
  page,
  record,
  text,
  whole,
  type Schema,
} from '../../../web/api-schema.js';
import { COMMAND_FIELDS, type CommandField } from '../../domain/lifecycle/command-fields.js';
import { CUSTODY_COMMANDS } from '../../domain/lifecycle/commands.js';
import { DELIVERY_FIELDS } from '../../domain/lifecycle/delivery-line.js';
import { DOUBT_CODES } from '../../domain/lifecycle/doubts.js';
import { EVIDENCE_TYPES } from '../../../common/evidence-file.js';
import { CUSTODY_STATES, STANDINGS, SUBSTATES } from '../../domain/lifecycle/standing.js';
import { permissionOf } from '../../domain/lifecycle/transitions.js';

const person = record({
  id: orNull(whole('Null when the directory does not have the person any more.')),
  entraId: text('Object id in Entra ID.'),
  displayName: orNull(text()),
  userPrincipalName: orNull(text()),
  active: flag('Whether the person is in the directory with an enabled account.'),
});

const custody = {
  custodyId: orNull(whole('Null while no custody is recorded.')),
  state: orNull(choice(CUSTODY_STATES)),
  substate: orNull(choice(SUBSTATES)),
  label: text('The state in words.'),
  holder: orNull(person),
  place: orNull(text()),
  since: orNull(instant('When it came into this state or to this holder.')),
  version: text('To be sent as `If-Match` with a command; `0` while no custody is recorded.'),
};

export const custodySchema = record({
  deviceId: whole(),
  ...custody,
  contradictions: list(record(custody), 'Other custodies, since two machines turned out to be one.'),
  commands: list(record({ command: choice(CUSTODY_COMMANDS), label: text() }), 'What the caller may do now.'),
  doubts: list(record({ code: choice(DOUBT_CODES), message: text(), advice: text() })),
});

export const stepsSchema = page(
  record({
    id: whole(),
    command: choice([...CUSTODY_COMMANDS, 'settle', 'join']),
    label: text(),
    from: text(),
    to: text(),
    holderBefore: orNull(person),
    holderAfter: orNull(person),
    placeBefore: orNull(text()),
    placeAfter: orNull(text()),
    reason: orNull(text()),
    reference: orNull(text()),
    details: anyObject('The other fields of the command.'),
    evidence: orNull(record({ id: whole(), fileName: text() })),
    correctsId: orNull(whole('The step that this one took back.')),
    correctedById: orNull(whole('The step that took this one back.')),
    bulkId: orNull(whole()),
    actor: text('Who did it, as a reference.'),
    actorName: orNull(text()),
    at: instant(),
  }),
);

export const outcomeSchema = record({
  deviceId: whole(),
  eventId: whole('The step in the history.'),
  standing: choice(['none', ...STANDINGS]),
  holderEntraId: orNull(text()),
  place: orNull(text()),
});

export const settledSchema = record({ eventId: whole() });

export const contradictionsSchema = page(
  record({
    custodyId: whole(),
    deviceId: whole(),
    name: orNull(text()),
    serialNumber: orNull(text()),
    assetTag: orNull(text()),
    manufacturer: orNull(text()),
    model: orNull(text()),
    label: text(),
    since: instant(),
    holder: orNull(person),
  }),
);

const evidence = {
  id: whole(),
  fileName: text(),
  mediaType: choice(EVIDENCE_TYPES),
  bytes: whole(),
  contentHash: text('SHA-256 in hexadecimal.'),
};
export const evidenceSchema = record({
  items: list(record({ ...evidence, uploadedBy: text(), uploadedAt: instant() })),
});
export const evidenceAddedSchema = record({ ...evidence, deviceId: whole() });

const counts = record({ ready: whole(), refused: whole(), done: whole(), undone: whole() });
export const bulkSchema = record({
  id: whole(),
  command: choice(CUSTODY_COMMANDS),
  label: text(),
  input: anyObject('The fields of the command.'),
  state: choice(['checked', 'done']),
  mode: orNull(choice(['rest', 'all'])),
  actor: text(),
  checkedAt: instant(),
  doneAt: orNull(instant()),
  counts,
  lines: list(
    record({
      line: whole(),
      given: text('As it was sent.'),
      deviceId: orNull(whole()),
      name: orNull(text()),
      serialNumber: orNull(text()),
      outcome: choice(['ready', 'refused', 'done', 'undone']),
      reason: orNull(text('Why it was left out.')),
    }),
  ),
});

export const deliverySchema = record({
  done: flag(),
  lines: list(
    record({
      line: whole(),
      outcome: choice(['ready', 'refused', 'done', 'undone']),
      deviceId: orNull(whole()),
      reason: orNull(text()),
    }),
  ),
});

function fieldSchema(field: CommandField): Schema {
  switch (field.kind) {
    case 'choices':
      return list(choice(Object.keys(field.choices ?? {})), field.label);
    case 'choice':
      return choice(Object.keys(field.choices ?? {}), field.label);
    case 'evidence':
      return whole(field.label);
    case 'kilograms':
      return { type: 'number', description: field.label };
    case 'day':
      return { ...text(field.label), format: 'date' };
    case 'person':
    case 'text':
    case 'lines':
      return text(field.label);
  }
}

/** All fields of all commands, as the body of a command; which of them a command takes, the description says. */
export const commandBodySchema: Schema = {
  type: 'object',
  additionalProperties: false,
  properties: Object.fromEntries(
    Object.values(COMMAND_FIELDS).flatMap((fields) => fields.map((field) => [field.name, fieldSchema(field)])),
  ),
};

/** What each command needs and takes, for the description of the API. */
export const COMMANDS_IN_WORDS = CUSTODY_COMMANDS.map((command) => {
  const fields = COMMAND_FIELDS[command].map(({ name, required }) => (required ? `**${name}**` : name)).join(', ');
  return `- \`${command}\` (${permissionOf(command)}): ${fields}`;
}).join('\n');

export const bulkBodySchema: Schema = {
  type: 'object',
  additionalProperties: false,
  required: ['command'],
  properties: {
    command: choice(CUSTODY_COMMANDS),
    input: commandBodySchema,
    devices: list(whole(), 'Device ids; or name the machines in `machines`.'),
    machines: text('Serial numbers, asset tags or device ids such as #17, one a line; of CSV the first column.'),
    mode: choice(['check', 'rest', 'all'], '`check`, the default, only looks; then carry it out by its id.'),
  },
};

export const deliveryBodySchema: Schema = {
  type: 'object',
  additionalProperties: false,
  required: ['lines'],
  properties: {
    command: choice(['receive', 'order']),
    input: commandBodySchema,
    lines: list({
      type: 'object',
      additionalProperties: false,
      required: ['serialNumber'],
      properties: Object.fromEntries(
        Object.entries(DELIVERY_FIELDS).map(([name, { label }]) => [
          name,
          name === 'pricePence' ? whole(label) : text(label),
        ]),
      ),
    }),
    mode: choice(['check', 'rest', 'all']),
  },
};
