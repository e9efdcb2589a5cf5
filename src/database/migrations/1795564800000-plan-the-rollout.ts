import type { MigrationInterface, QueryRunner } from 'typeorm';

const MOVE_STATES = `'not_started', 'assessed', 'blocked', 'ready', 'scheduled', 'handed_over', 'desktop_recovered', 'closed',
  'rolled_back', 'deferred', 'already_mobile', 'exempt', 'out_of_scope', 'left'`;
const WORK_STYLES = `'fixed', 'office_mobile', 'home', 'field', 'shared_desk', 'exempt'`;
const READINESS = `'ready', 'not_ready', 'unknown'`;
const DESKTOP_STATES = `'in_use', 'return_due', 'recovered', 'wiped', 'left_estate', 'out_of_scope'`;
const SCOPE_REASONS = `'baseline', 'joiner', 'rehire', 'rule', 'reclassified', 'leaver', 'exemption', 'exemption_ended',
  'already_mobile', 'stolen', 'written_off', 'disposed', 'gone'`;
const FACT_KINDS = `'entered-scope', 'left-scope', 'left-organisation', 'returned-to-organisation', 'exempted', 'exemption-ended',
  'deferred', 'deferral-ended', 'work-style-proposed', 'work-style-confirmed', 'assessed', 'desktop-assigned',
  'desktop-released', 'no-desktop-stated', 'laptop-assigned', 'laptop-received', 'laptop-observed', 'laptop-returned',
  'desktop-return-due', 'desktop-recovered', 'desktop-wiped', 'desktop-returned-to-use', 'desktop-seen',
  'desktop-left-estate', 'desktop-reclassified', 'slot-booked', 'slot-cancelled', 'slot-missed', 'slot-attended',
  'readiness-changed', 'rolled-back', 'reopened', 'retracted'`;

/** The rollout: the programme, its frozen baseline, everybody's move with the facts behind it, and the desktops. */
export class PlanTheRollout1795564800000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create sequence rollout_version_sequence;

      create table rollout_programme (
        id integer generated always as identity constraint rollout_programme_pkey primary key,
        name text not null,
        state text not null default 'draft'
          constraint rollout_programme_state_check check (state in ('draft', 'running', 'closed')),
        starts_on date not null,
        target_on date not null,
        scope jsonb not null,
        baseline_at timestamptz,
        backfilled_until timestamptz,
        last_custody_event_id bigint not null default 0,
        created_by text not null,
        created_at timestamptz not null default now(),
        version bigint not null default nextval('rollout_version_sequence'),
        constraint rollout_programme_name_check check (length(name) between 1 and 120),
        constraint rollout_programme_target_check check (target_on > starts_on),
        constraint rollout_programme_baseline_check check ((state = 'draft') = (baseline_at is null))
      );
      create unique index rollout_programme_running_key on rollout_programme ((state)) where state = 'running';

      create table rollout_settings (
        programme_id integer not null constraint rollout_settings_programme_fkey references rollout_programme (id),
        version integer not null,
        settings jsonb not null,
        reason text not null,
        actor text not null,
        at timestamptz not null default now(),
        constraint rollout_settings_pkey primary key (programme_id, version),
        constraint rollout_settings_version_check check (version > 0)
      );

      create table baseline_person (
        programme_id integer not null constraint baseline_person_programme_fkey references rollout_programme (id),
        person_entra_id text not null,
        directorate text,
        team text,
        site text,
        manager_entra_id text,
        constraint baseline_person_pkey primary key (programme_id, person_entra_id)
      );
      create table baseline_desktop (
        programme_id integer not null constraint baseline_desktop_programme_fkey references rollout_programme (id),
        device_id integer not null constraint baseline_desktop_device_fkey references device (id),
        person_entra_id text,
        directorate text,
        team text,
        site text,
        model text,
        enrolled_at timestamptz,
        constraint baseline_desktop_pkey primary key (programme_id, device_id)
      );
      create index baseline_desktop_device_index on baseline_desktop (device_id);

      create table move (
        id integer generated always as identity constraint move_pkey primary key,
        programme_id integer not null constraint move_programme_fkey references rollout_programme (id),
        person_entra_id text not null,
        state text not null default 'not_started' constraint move_state_check check (state in (${MOVE_STATES})),
        state_since timestamptz not null default now(),
        scope_reason text not null default 'baseline'
          constraint move_scope_reason_check check (scope_reason in (${SCOPE_REASONS})),
        readiness text constraint move_readiness_check check (readiness in (${READINESS})),
        at_risk boolean not null default false,
        work_style text constraint move_work_style_check check (work_style in (${WORK_STYLES})),
        work_style_confirmed boolean not null default false,
        directorate text,
        team text,
        site text,
        manager_entra_id text,
        wave_id integer,
        laptop_id integer constraint move_laptop_fkey references device (id),
        laptop_since timestamptz,
        desktop_count integer not null default 0,
        recovered_count integer not null default 0,
        wiped_count integer not null default 0,
        oldest_desktop_at timestamptz,
        booking_id integer,
        appointment_at timestamptz,
        missed_count integer not null default 0,
        deferred_until date,
        doubts jsonb not null default '[]',
        next_check_at timestamptz,
        derived_at timestamptz,
        version bigint not null default nextval('rollout_version_sequence'),
        constraint move_person_key unique (programme_id, person_entra_id),
        constraint move_at_risk_check check (not at_risk or state = 'scheduled'),
        constraint move_counts_check check (desktop_count >= recovered_count and recovered_count >= wiped_count and wiped_count >= 0)
      );
      create index move_person_index on move (person_entra_id);
      create index move_state_index on move (programme_id, state, id);
      create index move_manager_index on move (manager_entra_id);
      create index move_site_index on move (programme_id, site);
      create index move_team_index on move (programme_id, directorate, team);
      create index move_wave_index on move (wave_id) where wave_id is not null;
      create index move_laptop_index on move (laptop_id) where laptop_id is not null;
      create index move_next_check_index on move (next_check_at) where next_check_at is not null;
      create index move_doubt_index on move (programme_id, id) where doubts <> '[]';

      create table move_fact (
        id bigint generated always as identity constraint move_fact_pkey primary key,
        programme_id integer not null constraint move_fact_programme_fkey references rollout_programme (id),
        move_id integer constraint move_fact_move_fkey references move (id),
        device_id integer constraint move_fact_device_fkey references device (id),
        kind text not null constraint move_fact_kind_check check (kind in (${FACT_KINDS})),
        at timestamptz not null,
        recorded_at timestamptz not null default now(),
        details jsonb not null default '{}',
        key text not null,
        actor text not null,
        constraint move_fact_key_key unique (programme_id, key),
        constraint move_fact_about_check check (move_id is not null or device_id is not null)
      );
      create index move_fact_move_index on move_fact (move_id, at) where move_id is not null;
      create index move_fact_device_index on move_fact (device_id, at) where device_id is not null;
      create index move_fact_recorded_index on move_fact (programme_id, recorded_at);
      create index move_fact_kind_index on move_fact (programme_id, kind, move_id, device_id);

      -- What the collection of facts saw last of who has which machine.
      create table collected_keeper (
        programme_id integer not null constraint collected_keeper_programme_fkey references rollout_programme (id),
        device_id integer not null constraint collected_keeper_device_fkey references device (id),
        move_id integer not null constraint collected_keeper_move_fkey references move (id),
        source text not null constraint collected_keeper_source_check check (source in ('custody', 'primary-user')),
        constraint collected_keeper_pkey primary key (programme_id, device_id, move_id)
      );
      create index collected_keeper_move_index on collected_keeper (move_id);

      create table move_state (
        id bigint generated always as identity constraint move_state_pkey primary key,
        move_id integer not null constraint move_state_move_fkey references move (id),
        from_at timestamptz not null,
        until_at timestamptz,
        state text not null constraint move_state_state_check check (state in (${MOVE_STATES})),
        scope_reason text not null
          constraint move_state_scope_reason_check check (scope_reason in (${SCOPE_REASONS})),
        readiness text constraint move_state_readiness_check check (readiness in (${READINESS})),
        at_risk boolean not null default false,
        work_style text constraint move_state_work_style_check check (work_style in (${WORK_STYLES})),
        directorate text,
        team text,
        site text,
        manager_entra_id text,
        wave_id integer,
        oldest_desktop_at timestamptz,
        constraint move_state_from_key unique (move_id, from_at),
        constraint move_state_until_check check (until_at > from_at)
      );
      create unique index move_state_current_key on move_state (move_id) where until_at is null;
      create index move_state_time_index on move_state (from_at, until_at);

      create table rollout_desktop (
        programme_id integer not null constraint rollout_desktop_programme_fkey references rollout_programme (id),
        device_id integer not null constraint rollout_desktop_device_fkey references device (id),
        baseline boolean not null,
        state text not null default 'in_use'
          constraint rollout_desktop_state_check check (state in (${DESKTOP_STATES})),
        state_since timestamptz not null default now(),
        scope_reason text not null default 'baseline'
          constraint rollout_desktop_scope_reason_check check (scope_reason in (${SCOPE_REASONS})),
        user_count integer not null default 0,
        work_style text constraint rollout_desktop_work_style_check check (work_style in (${WORK_STYLES})),
        directorate text,
        team text,
        site text,
        model text,
        enrolled_at timestamptz,
        evidence text,
        seen_after_recovery_at timestamptz,
        version bigint not null default nextval('rollout_version_sequence'),
        constraint rollout_desktop_pkey primary key (programme_id, device_id)
      );
      create index rollout_desktop_device_index on rollout_desktop (device_id);
      create index rollout_desktop_state_index on rollout_desktop (programme_id, state, device_id);

      create table rollout_desktop_state (
        id bigint generated always as identity constraint rollout_desktop_state_pkey primary key,
        programme_id integer not null,
        device_id integer not null,
        from_at timestamptz not null,
        until_at timestamptz,
        state text not null constraint rollout_desktop_state_state_check check (state in (${DESKTOP_STATES})),
        scope_reason text not null
          constraint rollout_desktop_state_scope_reason_check check (scope_reason in (${SCOPE_REASONS})),
        work_style text constraint rollout_desktop_state_work_style_check check (work_style in (${WORK_STYLES})),
        directorate text,
        team text,
        site text,
        enrolled_at timestamptz,
        constraint rollout_desktop_state_desktop_fkey
          foreign key (programme_id, device_id) references rollout_desktop (programme_id, device_id),
        constraint rollout_desktop_state_from_key unique (programme_id, device_id, from_at),
        constraint rollout_desktop_state_until_check check (until_at > from_at)
      );
      create unique index rollout_desktop_state_current_key on rollout_desktop_state (programme_id, device_id)
        where until_at is null;
      create index rollout_desktop_state_time_index on rollout_desktop_state (from_at, until_at);

      create table move_answer (
        id bigint generated always as identity constraint move_answer_pkey primary key,
        move_id integer not null constraint move_answer_move_fkey references move (id),
        question text not null constraint move_answer_question_check check (question in
          ('devices', 'usual-sites', 'applications', 'assistive-technology', 'local-data', 'training', 'manager-word')),
        answer text not null,
        details jsonb not null default '{}',
        actor text not null,
        at timestamptz not null default now()
      );
      create index move_answer_move_index on move_answer (move_id, question, id desc);

      create function refuse_rollout_history_change() returns trigger language plpgsql as $$
      begin
        raise exception 'The history of the rollout is only ever added to.' using errcode = 'restrict_violation';
      end $$;
      create function refuse_rollout_state_change() returns trigger language plpgsql as $$
      begin
        if tg_op = 'UPDATE' and old.until_at is null and new.until_at is not null
           and to_jsonb(new) - 'until_at' = to_jsonb(old) - 'until_at' then
          return new;
        end if;
        raise exception 'The history of the rollout is only ever added to.' using errcode = 'restrict_violation';
      end $$;
      create trigger move_fact_append_only before update or delete on move_fact
        for each row execute function refuse_rollout_history_change();
      create trigger move_answer_append_only before update or delete on move_answer
        for each row execute function refuse_rollout_history_change();
      create trigger rollout_settings_append_only before update or delete on rollout_settings
        for each row execute function refuse_rollout_history_change();
      create trigger baseline_person_append_only before update or delete on baseline_person
        for each row execute function refuse_rollout_history_change();
      create trigger baseline_desktop_append_only before update or delete on baseline_desktop
        for each row execute function refuse_rollout_history_change();
      create trigger move_state_append_only before update or delete on move_state
        for each row execute function refuse_rollout_state_change();
      create trigger rollout_desktop_state_append_only before update or delete on rollout_desktop_state
        for each row execute function refuse_rollout_state_change();
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop table collected_keeper, move_answer, rollout_desktop_state, rollout_desktop, move_state, move_fact, move, baseline_desktop,
        baseline_person, rollout_settings, rollout_programme;
      drop sequence rollout_version_sequence;
      drop function refuse_rollout_history_change, refuse_rollout_state_change;
    `);
  }
}
