import { columnsOf } from '../common/csv-columns.js';
import { standingLabel, standingOf } from './domain/lifecycle/standing.js';
import type { DeviceSummary } from './devices.queries.js';

/** What an export of machines shows: what their list shows. */
export const DEVICE_COLUMNS = columnsOf<DeviceSummary>({
  id: 'Number',
  name: 'Hostname',
  serialNumber: 'Serial number',
  manufacturer: 'Manufacturer',
  model: 'Model',
  operatingSystem: 'Operating system',
  operatingSystemVersion: 'Operating system version',
  ownership: 'Ownership',
  complianceState: 'Compliance state',
  upgradeEligibility: 'Windows 11 readiness',
  formFactor: 'Form factor',
  superclass: 'Portable or fixed',
  lastSeenAt: 'Last seen',
  presence: 'Presence',
  user: [
    { name: 'userId', header: 'Primary user number', value: ({ user }) => user?.id },
    { name: 'user', header: 'Primary user', value: ({ user }) => user?.displayName },
    { name: 'userEntraId', header: 'Primary user Entra ID', value: ({ user }) => user?.entraId },
  ],
  custody: [
    {
      name: 'custody',
      header: 'Custody',
      value: ({ custody }) => custody && standingLabel(standingOf(custody.state, custody.substate)),
    },
    { name: 'holderId', header: 'Holder number', value: ({ custody }) => custody?.holder?.id },
    { name: 'holder', header: 'Holder', value: ({ custody }) => custody?.holder?.displayName },
    { name: 'holderEntraId', header: 'Holder Entra ID', value: ({ custody }) => custody?.holder?.entraId },
    { name: 'place', header: 'Place', value: ({ custody }) => custody?.place },
    { name: 'custodySince', header: 'Custody since', value: ({ custody }) => custody?.since },
  ],
});
