import { columnsOf } from '../common/csv-columns.js';
import type { Leaver } from './leavers.queries.js';

const each = (values: readonly (string | null)[]): string => values.map((value) => value ?? 'unknown').join('; ');

/** What an export of leavers shows: what their list shows, a row a person. */
export const LEAVER_COLUMNS = columnsOf<Leaver>({
  id: 'Number',
  displayName: 'Name',
  userPrincipalName: 'User principal name',
  department: 'Department',
  officeLocation: 'Office',
  reason: 'Why',
  since: 'Since',
  manager: [
    { name: 'managerId', header: 'Line manager number', value: ({ manager }) => manager?.id },
    { name: 'manager', header: 'Line manager', value: ({ manager }) => manager?.displayName },
  ],
  machineCount: 'Machines',
  machines: [
    { name: 'machines', header: 'Hostnames', value: ({ machines }) => each(machines.map(({ name }) => name)) },
    {
      name: 'serialNumbers',
      header: 'Serial numbers',
      value: ({ machines }) => each(machines.map(({ serialNumber }) => serialNumber)),
    },
    { name: 'models', header: 'Models', value: ({ machines }) => each(machines.map(({ model }) => model)) },
    { name: 'sources', header: 'Known from', value: ({ machines }) => each(machines.map(({ source }) => source)) },
  ],
  entraId: 'Entra ID',
});
