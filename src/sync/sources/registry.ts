import type { SourceName } from '../../config/sources.js';
import { autopilot } from './autopilot.js';
import { entraDevices } from './entra-devices.js';
import { managedDevices } from './managed-devices.js';
import type { Source } from './source.js';
import { subscribedSkus } from './subscribed-skus.js';
import { users } from './users.js';
import { windowsReadiness } from './windows-readiness.js';

/** Every source by its name. */
export const SOURCES: Readonly<Record<SourceName, Source>> = {
  users,
  'entra-devices': entraDevices,
  'managed-devices': managedDevices,
  'subscribed-skus': subscribedSkus,
  'windows-readiness': windowsReadiness,
  autopilot,
};
