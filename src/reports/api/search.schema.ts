import { STANDINGS } from '../../devices/domain/lifecycle/standing.js';
import { FORM_FACTORS } from '../../devices/domain/form-factor/form-factor.js';
import { SEARCH_FIELDS } from '../../devices/domain/search-fields.js';
import { choice, flag, instant, list, orNull, record, text, whole, type Schema } from '../../web/api-schema.js';

const ROLES = ['holder', 'primary-user', 'observed-user', 'register'];
const PRESENCES = ['present', 'missing', 'gone'];

const how = choice(
  ['exact', 'beginning', 'alike', 'words', 'spelling'],
  '`exact`: it is just that; `beginning`: it begins so; `alike`: but for O and 0, or I, l and 1; `words`: it has all of the ' +
    'words, in different places; `spelling`: it is spelled nearly so, as `meant`.',
);
const match = {
  how,
  field: orNull(choice(SEARCH_FIELDS, 'What matched; null for several words.')),
  shown: orNull(text('The text that matched, as the record has it.')),
};
const meant = text('What was looked up instead of what was typed; only with `how` `spelling`.');

/** A record of which one member may be missing. */
const withMeant = (properties: Record<string, Schema>): Schema => ({
  ...record(properties, 'Why it was found.'),
  properties: { ...properties, meant },
});

const found = (item: Schema): Schema =>
  record({
    items: list(item, 'Best first.'),
    count: whole('How many were counted; 200 at the most.'),
    more: flag('Whether there are, or may be, more than were counted.'),
  });

/** The answer of a search. */
export const searchResult = record({
  devices: found(
    record({
      id: whole(),
      name: orNull(text('Hostname.')),
      serialNumber: orNull(text()),
      assetTag: orNull(text()),
      model: orNull(text('Manufacturer and model.')),
      formFactor: choice(FORM_FACTORS),
      presence: choice(PRESENCES),
      lastSeenAt: orNull(instant()),
      standing: orNull(
        choice(STANDINGS, 'Where it stands in its life, as people keep it; null where they have said nothing.'),
      ),
      person: orNull(
        record(
          { id: whole(), displayName: orNull(text()), role: choice(['holder', 'primary-user']) },
          'Its holder or, while nobody has said who that is, its primary user.',
        ),
      ),
      match: withMeant({
        ...match,
        role: orNull(choice(ROLES, 'When a person matched: how that person has to do with the device.')),
        from: orNull(instant('When it took a former hostname.')),
        until: orNull(instant('When it lost a former hostname.')),
      }),
    }),
  ),
  people: found(
    record({
      id: whole(),
      displayName: orNull(text()),
      userPrincipalName: orNull(text()),
      jobTitle: orNull(text()),
      department: orNull(text()),
      officeLocation: orNull(text()),
      accountEnabled: orNull(flag()),
      presence: choice(PRESENCES),
      devices: whole('Devices that they have to do with.'),
      match: withMeant(match),
    }),
  ),
  asOf: orNull(instant('When the oldest of the sources was last read; null before the first time.')),
});
