import { columnsOf } from '../common/csv-columns.js';
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
});
