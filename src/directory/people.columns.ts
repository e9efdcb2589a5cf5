import { columnsOf, type ColumnsByMember } from '../common/csv-columns.js';
import type { PersonSummary } from './people.queries.js';

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

/** Columns of an export of people. */
export const PEOPLE_COLUMNS = columnsOf(PERSON_COLUMNS);
