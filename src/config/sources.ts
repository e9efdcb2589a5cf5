/**
 * What Untether reads from Microsoft Graph, in the order of a first synchronisation: people before the devices that
 * point at them. Managers are read together with users (docs/adr/0003-managers-ride-with-users.md).
 */
export const SOURCE_NAMES = [
  'users',
  'entra-devices',
  'managed-devices',
  'subscribed-skus',
  'windows-readiness',
  'autopilot',
] as const;
export type SourceName = (typeof SOURCE_NAMES)[number];

/**
 * When each source is read, as cron expressions in UTC. Cadences follow how fast each collection changes and what
 * Graph offers for it: delta queries are cheap, Intune has none.
 */
export const DEFAULT_SCHEDULES: Readonly<Record<SourceName, string>> = {
  users: '*/30 * * * *',
  'entra-devices': '10 * * * *',
  'managed-devices': '20 */3 * * *',
  'subscribed-skus': '40 * * * *',
  'windows-readiness': '50 4 * * *',
  autopilot: '25 */4 * * *',
};

/** The environment variable that replaces a source's schedule: `SCHEDULE_USERS`, `SCHEDULE_ENTRA_DEVICES`, … */
export function scheduleVariable(source: SourceName): string {
  return `SCHEDULE_${source.toUpperCase().replaceAll('-', '_')}`;
}
