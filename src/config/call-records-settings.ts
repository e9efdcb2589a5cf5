import type { TenantSettings } from './config.types.js';
import { isCron } from './cron.js';
import type { SettingsReader } from './settings-reader.js';

/** At night (UTC), when the calls of the day have settled and nobody waits for Microsoft Graph. */
const DEFAULT_SCHEDULE = '15 2 * * *';

/**
 * Reads CALL_RECORDS and SCHEDULE_CALL_RECORDS: when Teams call records are read, as a cron expression in UTC; null when
 * they are not, which is how a real tenant begins, because they are personal data that somebody has to decide on.
 */
export function readCallRecords(reader: SettingsReader, tenant: TenantSettings): string | null {
  const wish = reader.text('CALL_RECORDS');
  if (wish !== null && wish !== 'on' && wish !== 'off') {
    reader.wrong(
      'CALL_RECORDS',
      'is neither "on" nor "off".',
      'Give "on" to read Teams call records, or leave it out.',
    );
  }
  const schedule = reader.text('SCHEDULE_CALL_RECORDS');
  const on = wish === null ? tenant.kind === 'demonstration' : wish === 'on';
  if (!on) {
    if (schedule !== null) {
      reader.wrong(
        'SCHEDULE_CALL_RECORDS',
        'is set although call records are not read.',
        'Set CALL_RECORDS=on as well, once the council has decided on it (docs/call-records.md), or unset it.',
      );
    }
    return null;
  }
  if (schedule !== null && !isCron(schedule)) {
    reader.wrong(
      'SCHEDULE_CALL_RECORDS',
      'is not a cron expression of five fields.',
      `Give one such as "${DEFAULT_SCHEDULE}" (minute, hour, day, month, weekday; UTC), or CALL_RECORDS=off.`,
    );
  }
  return schedule ?? DEFAULT_SCHEDULE;
}
