import type { MigrationInterface, QueryRunner } from 'typeorm';

const RULES = `'laptop', 'windows-11', 'health', 'licence', 'network-site', 'network-home', 'applications',
  'assistive-technology', 'local-data', 'manager-word', 'training'`;
const OUTCOMES = `'ready', 'not_ready', 'unknown'`;

/** What each rule says of each move, waivers of rules, and the applications that people need. */
export class WorkOutReadiness1795564900000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table readiness_evaluation (
        move_id integer not null constraint readiness_evaluation_pkey primary key
          constraint readiness_evaluation_move_fkey references move (id),
        outcome text constraint readiness_evaluation_outcome_check check (outcome in (${OUTCOMES})),
        turns integer not null default 0,
        digest bytea,
        waits_for_laptop boolean not null default false,
        otherwise_ready boolean not null default false,
        stock_in_reach boolean not null default false,
        constraint readiness_evaluation_reach_check check (waits_for_laptop or not stock_in_reach)
      );
      create index readiness_evaluation_queue_index on readiness_evaluation (move_id) where waits_for_laptop;

      create table readiness_waiver (
        id integer generated always as identity constraint readiness_waiver_pkey primary key,
        move_id integer not null constraint readiness_waiver_move_fkey references move (id),
        rule text not null constraint readiness_waiver_rule_check check (rule in (${RULES})),
        reason text not null,
        expires_on date not null,
        granted_by text not null,
        granted_at timestamptz not null default now(),
        ended_at timestamptz,
        ended_by text,
        end_reason text,
        constraint readiness_waiver_reason_check check (length(reason) between 1 and 2000),
        constraint readiness_waiver_expiry_check
          check (expires_on between granted_at::date and (granted_at + interval '1 year 1 day')::date),
        constraint readiness_waiver_end_check
          check ((ended_at is null) = (ended_by is null) and (ended_at is null) = (end_reason is null))
      );
      create unique index readiness_waiver_live_key on readiness_waiver (move_id, rule) where ended_at is null;
      create index readiness_waiver_expiry_index on readiness_waiver (expires_on) where ended_at is null;

      create table readiness_result (
        move_id integer not null constraint readiness_result_move_fkey references move (id),
        rule text not null constraint readiness_result_rule_check check (rule in (${RULES})),
        subject text not null,
        outcome text not null constraint readiness_result_outcome_check check (outcome in (${OUTCOMES})),
        reason text not null,
        owner text not null,
        since timestamptz not null,
        evidence jsonb not null default '{}',
        gates boolean not null,
        blocks boolean not null,
        waiver_id integer constraint readiness_result_waiver_fkey references readiness_waiver (id),
        constraint readiness_result_pkey primary key (move_id, rule, subject),
        constraint readiness_result_blocks_check
          check (not blocks or (gates and outcome <> 'ready' and waiver_id is null))
      );
      create index readiness_result_blocks_index on readiness_result (rule, reason, subject, move_id) where blocks;
      create index readiness_result_subject_index on readiness_result (rule, subject) where subject <> '';
      create index readiness_result_waiver_index on readiness_result (waiver_id) where waiver_id is not null;

      create table rollout_application (
        id integer generated always as identity constraint rollout_application_pkey primary key,
        programme_id integer not null constraint rollout_application_programme_fkey references rollout_programme (id),
        name text not null,
        state text not null default 'unknown'
          constraint rollout_application_state_check check (state in (${OUTCOMES})),
        owner text,
        note text,
        since timestamptz not null default now(),
        changed_by text not null,
        changed_at timestamptz not null default now(),
        version bigint not null default nextval('rollout_version_sequence'),
        constraint rollout_application_name_check check (length(name) between 1 and 120)
      );
      create unique index rollout_application_name_key on rollout_application (programme_id, lower(name));

      create table readiness_watermark (
        programme_id integer not null constraint readiness_watermark_pkey primary key
          constraint readiness_watermark_programme_fkey references rollout_programme (id),
        changed_until timestamptz not null,
        settings_version integer not null
      );
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop table readiness_watermark, rollout_application, readiness_result, readiness_waiver, readiness_evaluation;
    `);
  }
}
