import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sites' networks, what was measured on them and at home, and by which thresholds it is judged. */
export class KnowTheNetwork1795565700000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(SITES);
    await queryRunner.query(MEASUREMENTS);
    await queryRunner.query(IMPORTS_AND_SETTINGS);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop table network_change, network_settings, network_import_row, network_import, area_coverage, site_test,
        call_quality_site_hour, call_quality_person_week, call_stream, call_record, connection_check, network_removal, network_range,
        remote_access, wifi_survey, network_link, network_site;
      drop sequence network_version_sequence;
    `);
  }
}

const SITES = `
  create sequence network_version_sequence;

  create table network_site (
    id integer generated always as identity constraint network_site_pkey primary key,
    name text not null,
    desks integer,
    docks integer,
    wired_ports integer,
    changed_by text not null,
    changed_at timestamptz not null default now(),
    version bigint not null default nextval('network_version_sequence'),
    constraint network_site_name_check check (length(name) between 1 and 200 and name = btrim(name)),
    constraint network_site_desks_check check (desks between 0 and 100000),
    constraint network_site_docks_check check (docks between 0 and 100000),
    constraint network_site_wired_ports_check check (wired_ports between 0 and 100000)
  );
  create unique index network_site_name_key on network_site (lower(name));

  create table network_link (
    id integer generated always as identity constraint network_link_pkey primary key,
    site_id integer not null constraint network_link_site_fkey references network_site (id),
    name text not null,
    provider text,
    download_kbps integer not null,
    upload_kbps integer not null,
    contract text,
    contract_ends_on date,
    live_from date,
    live_until date,
    end_reason text,
    changed_by text not null,
    changed_at timestamptz not null default now(),
    version bigint not null default nextval('network_version_sequence'),
    constraint network_link_name_key unique (site_id, name),
    constraint network_link_name_check check (length(name) between 1 and 200),
    constraint network_link_speed_check check (download_kbps between 1 and 1000000000 and upload_kbps between 1 and 1000000000),
    constraint network_link_days_check check (live_until >= live_from),
    constraint network_link_end_check check (end_reason is null or (live_until is not null and length(end_reason) between 1 and 2000))
  );

  create table wifi_survey (
    id integer generated always as identity constraint wifi_survey_pkey primary key,
    site_id integer not null constraint wifi_survey_site_fkey references network_site (id),
    surveyed_on date not null,
    result text not null,
    floors text,
    clients_supported integer,
    expires_on date,
    evidence_name text,
    evidence_type text,
    evidence_hash text,
    evidence bytea,
    withdrawn_at timestamptz,
    withdrawn_by text,
    withdrawn_reason text,
    changed_by text not null,
    changed_at timestamptz not null default now(),
    version bigint not null default nextval('network_version_sequence'),
    constraint wifi_survey_result_check check (result in ('passed', 'passed_in_part', 'failed')),
    constraint wifi_survey_clients_check check (clients_supported between 0 and 100000),
    constraint wifi_survey_days_check check (expires_on >= surveyed_on),
    constraint wifi_survey_withdrawal_check check ((withdrawn_at is null) = (withdrawn_by is null)
      and (withdrawn_at is null) = (withdrawn_reason is null) and length(withdrawn_reason) between 1 and 2000),
    constraint wifi_survey_evidence_check check ((evidence is null) = (evidence_hash is null) and (evidence is null) = (evidence_name is null)
      and (evidence is null) = (evidence_type is null) and (evidence is null or length(evidence) <= 10485760))
  );
  create index wifi_survey_site_index on wifi_survey (site_id, surveyed_on desc, id desc);

  create table remote_access (
    id integer generated always as identity constraint remote_access_pkey primary key,
    name text not null,
    sessions integer not null,
    download_kbps integer not null,
    upload_kbps integer not null,
    all_traffic boolean not null,
    changed_by text not null,
    changed_at timestamptz not null default now(),
    version bigint not null default nextval('network_version_sequence'),
    constraint remote_access_name_check check (length(name) between 1 and 200),
    constraint remote_access_sessions_check check (sessions between 1 and 1000000),
    constraint remote_access_speed_check check (download_kbps between 1 and 1000000000 and upload_kbps between 1 and 1000000000)
  );
  create unique index remote_access_name_key on remote_access (lower(name));

  create table network_range (
    id integer generated always as identity constraint network_range_pkey primary key,
    kind text not null,
    network cidr not null,
    site_id integer constraint network_range_site_fkey references network_site (id),
    remote_access_id integer constraint network_range_remote_access_fkey references remote_access (id),
    note text,
    changed_by text not null,
    changed_at timestamptz not null default now(),
    version bigint not null default nextval('network_version_sequence'),
    constraint network_range_network_key unique (network, kind),
    constraint network_range_kind_check check (kind in ('site_subnet', 'egress', 'remote_access')),
    constraint network_range_owner_check check (case kind when 'site_subnet' then site_id is not null and remote_access_id is null
      when 'egress' then remote_access_id is null else remote_access_id is not null and site_id is null end)
  );
  create index network_range_network_index on network_range using spgist (network inet_ops);
  create index network_range_site_index on network_range (site_id) where site_id is not null;
  create index network_range_remote_access_index on network_range (remote_access_id) where remote_access_id is not null;

  create table network_removal (
    id integer generated always as identity constraint network_removal_pkey primary key,
    kind text not null,
    record jsonb not null,
    reason text not null,
    actor text not null,
    removed_at timestamptz not null default now(),
    constraint network_removal_kind_check check (kind in ('range', 'remote_access')),
    constraint network_removal_reason_check check (length(reason) between 1 and 2000)
  );
  create index network_removal_time_index on network_removal (removed_at desc, id desc);
`;

const MEASUREMENTS = `
  create table connection_check (
    id integer generated always as identity constraint connection_check_pkey primary key,
    person_entra_id text not null,
    checked_at timestamptz not null default now(),
    place text not null,
    site_id integer constraint connection_check_site_fkey references network_site (id),
    connection text not null,
    method text not null,
    samples integer not null,
    round_trip_ms real not null,
    jitter_ms real not null,
    late_ratio real not null,
    download_kbps integer not null,
    upload_kbps integer not null,
    loaded_round_trip_ms real,
    submission uuid not null,
    constraint connection_check_submission_key unique (submission),
    constraint connection_check_place_check check (place in ('office', 'home', 'remote_access', 'unknown')),
    constraint connection_check_site_check check (site_id is null or place = 'office'),
    constraint connection_check_connection_check check (connection in ('wired', 'wifi', 'mobile', 'unknown')),
    constraint connection_check_samples_check check (samples between 1 and 10000),
    constraint connection_check_figures_check check (round_trip_ms between 0 and 60000 and jitter_ms between 0 and 60000
      and late_ratio between 0 and 1 and download_kbps between 0 and 100000000 and upload_kbps between 0 and 100000000
      and loaded_round_trip_ms between 0 and 60000)
  );
  create index connection_check_person_index on connection_check (person_entra_id, checked_at desc);
  create index connection_check_site_index on connection_check (site_id, checked_at desc) where site_id is not null;
  create index connection_check_age_index on connection_check (checked_at);

  create table call_record (
    call_id uuid not null constraint call_record_pkey primary key,
    version bigint not null,
    started_at timestamptz not null,
    read_at timestamptz not null default now()
  );
  create index call_record_started_index on call_record (started_at);

  create table call_stream (
    call_id uuid not null constraint call_stream_call_fkey references call_record (call_id) on delete cascade,
    segment text not null,
    media text not null,
    person_entra_id text not null,
    started_at timestamptz not null,
    seconds integer not null,
    place text not null,
    site_id integer constraint call_stream_site_fkey references network_site (id),
    connection text not null,
    round_trip_ms real,
    jitter_ms real,
    loss_ratio real,
    constraint call_stream_pkey primary key (call_id, segment, media, person_entra_id),
    constraint call_stream_place_check check (place in ('office', 'home', 'remote_access', 'unknown')),
    constraint call_stream_site_check check (site_id is null or place = 'office'),
    constraint call_stream_media_check check (media in ('audio', 'video', 'screen_sharing', 'other')),
    constraint call_stream_connection_check check (connection in ('wired', 'wifi', 'mobile', 'tunnel', 'unknown')),
    constraint call_stream_seconds_check check (seconds >= 0),
    constraint call_stream_loss_check check (loss_ratio between 0 and 1)
  );
  create index call_stream_person_index on call_stream (person_entra_id, started_at);
  create index call_stream_site_index on call_stream (site_id, started_at) where site_id is not null;

  create table call_quality_person_week (
    person_entra_id text not null,
    week date not null,
    place text not null,
    calls integer not null,
    streams integer not null,
    seconds bigint not null,
    wired integer not null,
    wifi integer not null,
    mobile integer not null,
    tunnel integer not null,
    round_trip_ms real,
    jitter_ms real,
    loss_ratio real,
    constraint call_quality_person_week_pkey primary key (person_entra_id, week, place),
    constraint call_quality_person_week_place_check check (place in ('office', 'home', 'remote_access', 'unknown')),
    constraint call_quality_person_week_week_check check (extract(isodow from week) = 1)
  );
  create index call_quality_person_week_week_index on call_quality_person_week (week, place);

  create table call_quality_site_hour (
    site_id integer not null constraint call_quality_site_hour_site_fkey references network_site (id),
    hour timestamptz not null,
    people integer not null,
    streams integer not null,
    wired integer not null,
    wifi integer not null,
    round_trip_ms real,
    jitter_ms real,
    loss_ratio real,
    constraint call_quality_site_hour_pkey primary key (site_id, hour)
  );

  create table site_test (
    id integer generated always as identity constraint site_test_pkey primary key,
    site_id integer not null constraint site_test_site_fkey references network_site (id),
    tested_at timestamptz not null,
    source text not null,
    round_trip_ms real,
    jitter_ms real,
    loss_ratio real,
    download_kbps integer,
    upload_kbps integer,
    exchange_round_trip_ms real,
    sharepoint_megabytes_per_second real,
    import_id integer,
    constraint site_test_test_key unique (site_id, tested_at, source),
    constraint site_test_figures_check check (round_trip_ms between 0 and 60000 and jitter_ms between 0 and 60000
      and loss_ratio between 0 and 1 and download_kbps between 0 and 100000000 and upload_kbps between 0 and 100000000
      and exchange_round_trip_ms between 0 and 60000 and sharepoint_megabytes_per_second between 0 and 100000)
  );
  create index site_test_import_index on site_test (import_id) where import_id is not null;

  create table area_coverage (
    id integer generated always as identity constraint area_coverage_pkey primary key,
    area_kind text not null,
    area_code text not null,
    snapshot date not null,
    area_name text,
    postcodes integer,
    superfast_percent real,
    ultrafast_percent real,
    full_fibre_percent real,
    gigabit_percent real,
    below_universal_service_percent real,
    mobile_4g_any_percent real,
    mobile_4g_all_percent real,
    mobile_5g_any_percent real,
    import_id integer,
    constraint area_coverage_area_key unique (area_kind, area_code, snapshot),
    constraint area_coverage_kind_check check (area_kind in ('authority', 'postcode_district'))
  );
  create index area_coverage_title_index on area_coverage (lower(coalesce(area_name, area_code)), id);
  create index area_coverage_import_index on area_coverage (import_id) where import_id is not null;
`;

const IMPORTS_AND_SETTINGS = `
  create table network_import (
    id integer generated always as identity constraint network_import_pkey primary key,
    kind text not null,
    state text not null default 'reading',
    file_name text,
    format text,
    content_hash text,
    snapshot date,
    columns jsonb not null default '[]',
    ignored_columns jsonb not null default '[]',
    rows_read integer not null default 0,
    counts jsonb not null default '{}',
    comparison_hash text,
    created_by text not null,
    created_at timestamptz not null default now(),
    checked_at timestamptz,
    applied_by text,
    applied_at timestamptz,
    idempotency_key text,
    constraint network_import_kind_check check (kind in ('sites', 'links', 'ranges', 'surveys', 'site_tests', 'authority_coverage', 'postcode_coverage')),
    constraint network_import_state_check check (state in ('reading', 'checked', 'applied')),
    constraint network_import_format_check check (format in ('csv', 'xlsx')),
    constraint network_import_snapshot_check check ((snapshot is not null) = (kind in ('authority_coverage', 'postcode_coverage'))),
    constraint network_import_checked_check check ((state = 'reading') = (checked_at is null)),
    constraint network_import_applied_check check ((state = 'applied') = (applied_at is not null) and (applied_at is null) = (applied_by is null))
  );
  create unique index network_import_idempotency_key on network_import (created_by, idempotency_key) where idempotency_key is not null;
  alter table site_test add constraint site_test_import_fkey foreign key (import_id) references network_import (id);
  alter table area_coverage add constraint area_coverage_import_fkey foreign key (import_id) references network_import (id);

  create table network_import_row (
    import_id integer not null constraint network_import_row_import_fkey references network_import (id) on delete cascade,
    line integer not null,
    outcome text not null,
    fields jsonb not null,
    problems jsonb not null default '[]',
    target_id integer,
    changes jsonb not null default '{}',
    constraint network_import_row_pkey primary key (import_id, line),
    constraint network_import_row_outcome_check check (outcome in ('read', 'new', 'changed', 'unchanged', 'refused'))
  );
  create index network_import_row_outcome_index on network_import_row (import_id, outcome, line);

  create table network_settings (
    version integer not null constraint network_settings_pkey primary key,
    settings jsonb not null,
    reason text not null,
    actor text not null,
    created_at timestamptz not null default now(),
    constraint network_settings_version_check check (version >= 1),
    constraint network_settings_reason_check check (length(reason) between 1 and 2000)
  );

  create table network_change (
    kind text not null,
    subject text not null,
    changed_at timestamptz not null default now(),
    constraint network_change_pkey primary key (kind, subject),
    constraint network_change_kind_check check (kind in ('site', 'home', 'everything')),
    constraint network_change_subject_check check ((kind = 'everything') = (subject = ''))
  );
  create index network_change_time_index on network_change (changed_at);
`;
