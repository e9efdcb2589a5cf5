import type { DataSource } from 'typeorm';

/** A product that every third invented person has, and its id in Microsoft's list. */
export const HELD_SKU = '05e9a617-0261-4cee-bb44-138d3ef5d965';

/** Object id in Entra ID of the invented person with this number. */
export function entraIdOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/**
 * Fills the tables with invented people, machines, products and runs, in a few statements, so that 200,000 machines
 * take seconds. Every tenth machine has no name, every seventh no user; some people and machines are missing.
 */
export async function insertEstate(
  dataSource: DataSource,
  size: { readonly people: number; readonly devices: number },
): Promise<void> {
  await dataSource.query(
    `insert into person (entra_id, user_principal_name, display_name, given_name, surname, mail, job_title, department,
                         office_location, account_enabled, user_type, manager_entra_id, licence_assignments, presence,
                         absent_since)
     select '00000000-0000-4000-8000-' || lpad((n)::text, 12, '0'), 'p' || n || '@council.example', given || ' ' || surname, given, surname,
            'p' || n || '@mail.council.example', 'Officer', 'Department ' || n % 40, 'Office ' || n % 25,
            n % 20 <> 0, case when n % 50 = 0 then 'Guest' else 'Member' end,
            case when n > 10 then '00000000-0000-4000-8000-' || lpad((n / 10)::text, 12, '0') end,
            case when n % 3 = 0 then jsonb_build_array(
              jsonb_build_object('sku_id', $2::text, 'group_id', case when n % 6 = 0 then 'group-1' end,
                                 'state', 'Active', 'error', null, 'disabled_plans', '[]'::jsonb, 'updated_at', null))
            else '[]' end,
            case when n % 97 = 0 then 'missing' else 'present' end, case when n % 97 = 0 then now() end
     from generate_series(1, $1::int) as n
     cross join lateral (select (array['Asha','Ben','Chloe','Dev','Éilís','Farah','Gwen'])[n % 7 + 1] as given,
                                (array['Shah','O''Neill','Smith','Okafor','Ng','Jones','Żak'])[n % 11 % 7 + 1]
                                  || n as surname) as name`,
    [size.people, HELD_SKU],
  );
  await dataSource.query(
    `insert into device (name, serial_number, manufacturer, model, operating_system, operating_system_version,
                         user_entra_id, ownership, compliance_state, upgrade_eligibility, last_seen_at, presence)
     select case when n % 10 <> 0 then 'LT-' || lpad(n::text, 7, '0') end, 'SN' || lpad((n::bigint * 7919)::text, 12, '0'),
            (array['Dell Inc.','HP','LENOVO','Microsoft Corporation'])[n % 4 + 1],
            'Model ' || n % 60, case when n % 15 = 0 then 'iOS' else 'Windows' end, '10.0.' || n % 9,
            case when n % 7 <> 0 then '00000000-0000-4000-8000-' || lpad((n % greatest($2::int, 1) + 1)::text, 12, '0') end,
            case when n % 30 = 0 then 'personal' else 'company' end,
            case when n % 200 = 0 then 'noncompliant' else 'compliant' end,
            case when n % 500 = 0 then 'notCapable' else 'capable' end,
            case when n % 11 <> 0 then timestamptz '2026-11-01' - make_interval(mins => n) end,
            case when n % 300 = 0 then 'missing' else 'present' end
     from generate_series(1, $1::int) as n`,
    [size.devices, size.people],
  );
  await dataSource.query(`
    insert into device_record (source, external_id, device_id, name, user_entra_id, last_seen_at, attributes)
    select 'managed-devices', 'intune-' || id, id, name, user_entra_id, last_seen_at, '{"isEncrypted": true}'::jsonb
    from device where id <= 1000
    union all
    select 'entra-devices', 'entra-' || id, id, name, null, last_seen_at, '{}'::jsonb from device where id <= 1000`);
  await dataSource.query(
    `insert into subscribed_sku (sku_id, sku_part_number, capability_status, consumed_units, enabled_units, warning_units)
     values ($1, 'SPE_E3', 'Enabled', 120, 100, 0), ('00000000-0000-0000-0000-000000000001', 'OWN_SKU', 'Deleted', 0, 5, 2)`,
    [HELD_SKU],
  );
  // The largest estates are there for lists; what the search knows of them would take longer than they do.
  if (size.devices <= 10_000) await dataSource.query('select refresh_search_entries(20000)');
  await dataSource.query('analyze person, device, device_record');
}

/** Adds runs as the synchronisation leaves them: one that runs, one held with its list, one not allowed. */
export async function insertRuns(dataSource: DataSource): Promise<void> {
  await dataSource.query(`
    insert into sync_run (source, trigger, kind, status, stage, fence, started_at, finished_at, pages, rows_read, added,
                          changed, unchanged, quarantined, held, expected_rows, error_code, error_message, error_fix, note)
    values
      ('entra-devices', 'schedule', 'delta', 'succeeded', 'done', 1, now() - interval '21 minutes',
       now() - interval '20 minutes', 3, 2500, 10, 20, 2470, 0, 0, null, null, null, null, null),
      ('users', 'schedule', 'full', 'held', 'done', 1, now() - interval '70 minutes', now() - interval '69 minutes',
       4, 3000, 1, 2, 2997, 2, 3, null, null, null, null, '3 removals wait for a person.'),
      ('windows-readiness', 'schedule', 'full', 'failed', 'done', 1, now() - interval '5 hours',
       now() - interval '5 hours', 0, 0, 0, 0, 0, 0, 0, null, 'forbidden', 'Microsoft Graph does not allow it.',
       'Grant DeviceManagementManagedDevices.Read.All with admin consent.', null),
      ('managed-devices', 'command', 'full', 'running', 'reading', 2, now() - interval '1 minute', null,
       7, 1400, 0, 0, 0, 0, 0, 3900, null, null, null, null)`);
  await dataSource.query(`
    update sync_source set last_success_at = now() - interval '20 minutes' where source = 'entra-devices';
    update sync_source set last_success_at = now() - interval '3 days' where source = 'managed-devices';
    update sync_source set last_success_at = now() - interval '69 minutes' where source = 'users';
    update sync_source set last_success_at = now() - interval '50 minutes' where source = 'subscribed-skus';
    update sync_source set paused_at = now(), pause_reason = 'Autopilot is being moved to another tenant.'
    where source = 'autopilot'`);
  await dataSource.query(`
    insert into sync_hold (source, kind, run_id, reason)
    select 'users', 'removals', id, 'The run would have removed 3 of 60 people, which is more than 2 %.'
    from sync_run where source = 'users'`);
  await dataSource.query(`
    insert into sync_hold_item (hold_id, external_id, removal)
    select sync_hold.id, entra_id, 'absent' from sync_hold, person where person.id <= 2
    union all select id, 'person-unknown', 'deleted' from sync_hold`);
  await dataSource.query(`
    insert into sync_quarantine (run_id, source, external_id, field, reason)
    select id, 'users', 'broken-' || n, 'userPrincipalName', 'is not a text'
    from sync_run, generate_series(1, 2) as n where source = 'users'`);
}
