import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Columns that say whether a source still shows a record; see src/sync/domain/removal-guard.ts for the rules. */
const PRESENCE = `
  presence text not null default 'present',
  absent_since timestamptz,
  absent_reads smallint not null default 0,
  first_seen_at timestamptz not null default now(),
  first_seen_run_id bigint,
  changed_at timestamptz not null default now(),
  changed_run_id bigint`;

const SOURCES = `'users', 'entra-devices', 'managed-devices', 'subscribed-skus', 'windows-readiness', 'autopilot'`;

/** People, devices and licences as Microsoft Graph shows them, and what the synchronisation needs to be trusted. */
export class CreateTheEstate1795305600000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table person (
        id integer generated always as identity constraint person_pkey primary key,
        entra_id text not null constraint person_entra_id_key unique,
        user_principal_name text,
        display_name text,
        given_name text,
        surname text,
        mail text,
        job_title text,
        department text,
        company_name text,
        office_location text,
        city text,
        country text,
        usage_location text,
        employee_id text,
        employee_type text,
        division text,
        cost_centre text,
        employee_hired_at timestamptz,
        account_enabled boolean,
        user_type text,
        created_in_entra_at timestamptz,
        on_premises_sync_enabled boolean,
        on_premises_extension_attributes jsonb,
        manager_entra_id text,
        licence_assignments jsonb not null default '[]',
        ${PRESENCE},
        constraint person_presence_check check (presence in ('present', 'missing', 'gone'))
      );
      create index person_name_index on person (lower(display_name), id);
      create index person_user_principal_name_index on person (lower(user_principal_name));
      create index person_department_index on person (department, id);
      create index person_manager_index on person (manager_entra_id);
      create index person_licence_index on person using gin (licence_assignments jsonb_path_ops);
      create index person_absent_index on person (absent_since) where absent_since is not null;

      create table subscribed_sku (
        id integer generated always as identity constraint subscribed_sku_pkey primary key,
        sku_id text not null constraint subscribed_sku_sku_id_key unique,
        sku_part_number text,
        capability_status text,
        applies_to text,
        consumed_units integer,
        enabled_units integer,
        suspended_units integer,
        warning_units integer,
        locked_out_units integer,
        service_plans jsonb not null default '[]',
        ${PRESENCE},
        constraint subscribed_sku_presence_check check (presence in ('present', 'missing', 'gone'))
      );

      create view licence_assignment as
        select person.id as person_id, person.entra_id as person_entra_id, person.presence as person_presence,
               person.account_enabled, assignment.*
        from person
        cross join lateral jsonb_to_recordset(person.licence_assignments) as assignment(
          sku_id text, group_id text, state text, error text, disabled_plans jsonb, updated_at timestamptz);

      create table device (
        id integer generated always as identity constraint device_pkey primary key,
        presence text not null default 'present'
          constraint device_presence_check check (presence in ('present', 'missing', 'gone')),
        name text,
        serial_number text,
        manufacturer text,
        model text,
        operating_system text,
        operating_system_version text,
        user_entra_id text,
        ownership text,
        compliance_state text,
        upgrade_eligibility text,
        enrolled_at timestamptz,
        last_seen_at timestamptz,
        merged_into_id integer constraint device_merged_into_fkey references device (id),
        created_at timestamptz not null default now(),
        changed_at timestamptz not null default now()
      );
      create index device_name_index on device (lower(name), id);
      create index device_serial_number_index on device (upper(serial_number));
      create index device_user_index on device (user_entra_id);
      create index device_last_seen_index on device (last_seen_at, id);
      create index device_model_index on device (lower(manufacturer), lower(model));

      create table device_record (
        id integer generated always as identity constraint device_record_pkey primary key,
        source text not null constraint device_record_source_check
          check (source in ('entra-devices', 'managed-devices', 'windows-readiness', 'autopilot')),
        external_id text not null,
        device_id integer constraint device_record_device_fkey references device (id),
        resolution_pending boolean not null default true,
        name text,
        serial_number text,
        manufacturer text,
        model text,
        operating_system text,
        operating_system_version text,
        entra_device_id text,
        managed_device_id text,
        autopilot_id text,
        user_entra_id text,
        user_principal_name text,
        ownership text,
        compliance_state text,
        upgrade_eligibility text,
        enrolled_at timestamptz,
        last_seen_at timestamptz,
        attributes jsonb not null default '{}',
        ${PRESENCE},
        constraint device_record_presence_check check (presence in ('present', 'missing', 'gone')),
        constraint device_record_source_external_id_key unique (source, external_id)
      );
      create index device_record_device_index on device_record (device_id);
      create index device_record_pending_index on device_record (id) where resolution_pending;
      create index device_record_entra_device_index on device_record (entra_device_id) where entra_device_id is not null;
      create index device_record_managed_device_index on device_record (managed_device_id)
        where managed_device_id is not null;
      create index device_record_autopilot_index on device_record (autopilot_id) where autopilot_id is not null;
      create index device_record_serial_number_index on device_record (upper(serial_number))
        where serial_number is not null;
      create index device_record_absent_index on device_record (source, absent_since) where absent_since is not null;
    `);

    await queryRunner.query(`
      create table sync_run (
        id bigint generated always as identity constraint sync_run_pkey primary key,
        source text not null constraint sync_run_source_check check (source in (${SOURCES})),
        trigger text not null constraint sync_run_trigger_check check (trigger in ('schedule', 'command', 'start')),
        slot timestamptz,
        requested_by text,
        kind text not null constraint sync_run_kind_check check (kind in ('full', 'delta')),
        dry_run boolean not null default false,
        status text not null constraint sync_run_status_check
          check (status in ('running', 'succeeded', 'held', 'failed', 'stopped', 'abandoned')),
        stage text not null constraint sync_run_stage_check check (stage in ('reading', 'applying', 'resolving', 'done')),
        fence bigint not null,
        started_at timestamptz not null default now(),
        finished_at timestamptz,
        expected_rows integer,
        pages integer not null default 0,
        rows_read integer not null default 0,
        added integer not null default 0,
        changed integer not null default 0,
        unchanged integer not null default 0,
        returned integer not null default 0,
        absent integer not null default 0,
        missing integer not null default 0,
        gone integer not null default 0,
        held integer not null default 0,
        quarantined integer not null default 0,
        ignored integer not null default 0,
        sanitised integer not null default 0,
        unknown_properties integer not null default 0,
        requests integer not null default 0,
        minimum_requests integer not null default 0,
        minimum_resource_units integer not null default 0,
        retries integer not null default 0,
        resource_units integer not null default 0,
        throttled_milliseconds integer not null default 0,
        note text,
        error_code text,
        error_message text,
        error_fix text
      );
      create index sync_run_source_index on sync_run (source, id desc);
      create index sync_run_started_index on sync_run (started_at desc, id desc);
      create unique index sync_run_slot_key on sync_run (source, slot) where slot is not null;
      create unique index sync_run_running_key on sync_run (source) where status = 'running';

      create table sync_source (
        source text constraint sync_source_pkey primary key
          constraint sync_source_source_check check (source in (${SOURCES})),
        cursor text,
        cursor_query text,
        cursor_saved_at timestamptz,
        last_full_at timestamptz,
        last_success_at timestamptz,
        last_success_run_id bigint,
        fence bigint not null default 0,
        lease_run_id bigint,
        lease_until timestamptz,
        paused_at timestamptz,
        paused_by text,
        pause_reason text
      );
      insert into sync_source (source) select unnest(array[${SOURCES}]);

      create table sync_tenant (
        only_row boolean not null default true constraint sync_tenant_pkey primary key
          constraint sync_tenant_only_row_check check (only_row),
        tenant_id text not null,
        kind text not null constraint sync_tenant_kind_check check (kind in ('demonstration', 'tenant')),
        bound_at timestamptz not null default now()
      );

      create table sync_change (
        id bigint generated always as identity constraint sync_change_pkey primary key,
        run_id bigint not null,
        source text not null,
        external_id text not null,
        kind text not null constraint sync_change_kind_check
          check (kind in ('changed', 'returned', 'absent', 'missing', 'gone')),
        changes jsonb not null default '{}',
        at timestamptz not null default now()
      );
      create index sync_change_record_index on sync_change (source, external_id, id desc);
      create index sync_change_run_index on sync_change (run_id);

      create table sync_quarantine (
        id bigint generated always as identity constraint sync_quarantine_pkey primary key,
        run_id bigint not null,
        source text not null,
        external_id text,
        field text not null,
        reason text not null,
        at timestamptz not null default now()
      );
      create index sync_quarantine_run_index on sync_quarantine (run_id);

      create table sync_hold (
        id integer generated always as identity constraint sync_hold_pkey primary key,
        source text not null constraint sync_hold_source_check check (source in (${SOURCES})),
        kind text not null constraint sync_hold_kind_check check (kind in ('removals', 'everything')),
        run_id bigint not null,
        reason text not null,
        state text not null default 'held'
          constraint sync_hold_state_check check (state in ('held', 'released', 'expired')),
        opened_at timestamptz not null default now(),
        closed_at timestamptz,
        closed_by text,
        close_reason text
      );
      create unique index sync_hold_open_key on sync_hold (source) where state = 'held';

      create table sync_hold_item (
        hold_id integer not null constraint sync_hold_item_hold_fkey references sync_hold (id),
        external_id text not null,
        removal text not null constraint sync_hold_item_removal_check check (removal in ('absent', 'changed', 'deleted')),
        constraint sync_hold_item_pkey primary key (hold_id, external_id)
      );

      create table sync_staging (
        source text not null,
        run_id bigint not null,
        external_id text not null,
        removal text,
        quarantined boolean not null,
        fields jsonb not null
      ) partition by list (source);
    `);
    for (const source of SOURCES.replaceAll("'", '').split(', ')) {
      const table = `sync_staging_${source.replaceAll('-', '_')}`;
      // Unlogged: a crash empties it, and a run that was reading is lost with the crash anyway.
      await queryRunner.query(`
        create unlogged table ${table} partition of sync_staging
          (constraint ${table}_pkey primary key (external_id)) for values in ('${source}')
          with (autovacuum_enabled = false);
      `);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop table sync_staging, sync_hold_item, sync_hold, sync_quarantine, sync_change, sync_tenant, sync_source, sync_run;
      drop table device_record, device;
      drop view licence_assignment;
      drop table subscribed_sku, person;
    `);
  }
}
