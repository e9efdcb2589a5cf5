import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What every reading of Teams call records did; one of them at a time. */
export class ReadCallRecords1795565710000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table call_record_run (
        id integer generated always as identity constraint call_record_run_pkey primary key,
        trigger text not null,
        requested_by text,
        everything boolean not null default false,
        status text not null default 'running',
        started_at timestamptz not null default now(),
        finished_at timestamptz,
        lease_until timestamptz not null,
        read_from timestamptz not null,
        read_until timestamptz not null,
        listed integer not null default 0,
        unchanged integer not null default 0,
        taken_over integer not null default 0,
        not_ready integer not null default 0,
        unreadable integer not null default 0,
        streams integer not null default 0,
        requests integer not null default 0,
        retries integer not null default 0,
        throttled_milliseconds integer not null default 0,
        error_code text,
        error_message text,
        error_fix text,
        constraint call_record_run_trigger_check check (trigger in ('schedule', 'command', 'start')),
        constraint call_record_run_status_check check (status in ('running', 'succeeded', 'failed', 'stopped', 'abandoned')),
        constraint call_record_run_finished_check check ((status = 'running') = (finished_at is null))
      );
      create unique index call_record_run_running_key on call_record_run (status) where status = 'running';
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table call_record_run');
  }
}
