import { PRESENCES } from '../database/presence.js';
import { anyObject, choice, instant, list, orNull, record, text, whole, type Schema } from '../web/api-schema.js';
import { DEVICE_SOURCES } from './device-record.entity.js';
import { FORM_FACTORS, SUPERCLASSES } from './domain/form-factor/form-factor.js';
import { CUSTODY_STATES, SUBSTATES } from './domain/lifecycle/standing.js';
import { classificationSchema } from './form-factor.schema.js';

const person = (description: string): Schema =>
  record(
    {
      id: orNull(whole('Null when the directory does not know the person.')),
      entraId: text(),
      displayName: orNull(text()),
    },
    description,
  );

const described: Record<string, Schema> = {
  name: orNull(text('Hostname.')),
  serialNumber: orNull(text()),
  manufacturer: orNull(text()),
  model: orNull(text()),
  operatingSystem: orNull(text()),
  operatingSystemVersion: orNull(text()),
  ownership: orNull(text('`company`, `personal` or `unknown`.')),
  complianceState: orNull(text()),
  upgradeEligibility: orNull(text('Windows 11 readiness: `upgraded`, `capable`, `notCapable` or `unknown`.')),
  lastSeenAt: orNull(instant('Latest time at which it was seen.')),
};

/** Members of a machine as lists show it. */
export const deviceMembers: Record<string, Schema> = {
  id: whole('Number of the machine in Untether.'),
  ...described,
  formFactor: choice(FORM_FACTORS, 'What kind of machine it is.'),
  superclass: choice(SUPERCLASSES, 'What that means for the rollout: can its user carry it home?'),
  presence: choice(PRESENCES, 'Whether any source still shows the machine.'),
  user: orNull(person('The person whom Intune names as the primary user.')),
  custody: orNull(
    record(
      {
        state: choice(CUSTODY_STATES),
        substate: orNull(choice(SUBSTATES)),
        place: orNull(text()),
        since: instant('When it came into this state or to this holder.'),
        holder: orNull(person('Who has it, or for whom it is put aside.')),
      },
      'Where it stands in our hands; null while nothing is recorded.',
    ),
  ),
};

/** Members of a machine with all that is known of it. */
export const deviceDetailMembers: Record<string, Schema> = {
  ...deviceMembers,
  enrolledAt: orNull(instant()),
  createdAt: instant(),
  changedAt: instant(),
  classification: classificationSchema,
  records: list(
    record({
      source: choice(DEVICE_SOURCES),
      externalId: text('Id of the record in its source.'),
      ...described,
      userEntraId: orNull(text()),
      userPrincipalName: orNull(text()),
      enrolledAt: orNull(instant()),
      presence: choice(PRESENCES),
      absentSince: orNull(instant()),
      changedAt: instant('When a value of the record last changed.'),
      asOf: orNull(instant('When the source was last read successfully.')),
      attributes: anyObject("Everything else that the source says, by Graph's own property names."),
    }),
    'What each source says of the machine.',
  ),
  asOf: orNull(instant('When the sources of the machine last succeeded, the oldest of them.')),
};
