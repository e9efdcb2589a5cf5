import { columnsOf } from '../common/csv-columns.js';
import type { PersonSummary } from './people.queries.js';

/** What an export of people shows: what their list shows. */
export const PEOPLE_COLUMNS = columnsOf<PersonSummary>({
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
});
