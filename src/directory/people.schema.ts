import type { ColumnsByMember } from '../common/csv-columns.js';
import { PRESENCES } from '../database/presence.js';
import { choice, flag, orNull, text, whole, type Schema } from '../web/api-schema.js';
import type { PersonSummary } from './people.queries.js';

/** Members of a person as lists show them. */
export const personMembers: Record<string, Schema> = {
  id: whole('Number of the person in Untether.'),
  entraId: text('Object id in Entra ID.'),
  displayName: orNull(text()),
  userPrincipalName: orNull(text()),
  mail: orNull(text()),
  jobTitle: orNull(text()),
  department: orNull(text()),
  officeLocation: orNull(text()),
  accountEnabled: orNull(flag('False for leavers, who may still hold equipment.')),
  userType: orNull(text('`Member` for staff, `Guest` for people of other organisations.')),
  presence: choice(PRESENCES, 'Whether Entra ID still shows the person.'),
};

/** What every export of people shows of each: what their list shows. */
export const PERSON_COLUMNS: ColumnsByMember<PersonSummary> = {
  id: 'Number',
  displayName: 'Name',
  userPrincipalName: 'User principal name',
  mail: 'Mail',
  jobTitle: 'Job title',
  department: 'Department',
  officeLocation: 'Office',
  accountEnabled: 'Account enabled',
  userType: 'User type',
  presence: 'Presence',
  entraId: 'Entra ID',
};
