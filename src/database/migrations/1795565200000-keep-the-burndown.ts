import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the rollout's figures were at the end of every day, as a whole and by directorate, team, site and so on. */
export class KeepTheBurndown1795565200000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table burndown_snapshot (
        programme_id integer not null constraint burndown_snapshot_programme_fkey references rollout_programme (id),
        on_date date not null,
        dimension text not null constraint burndown_snapshot_dimension_check
          check (dimension in ('all', 'directorate', 'team', 'site', 'work_style', 'device_age')),
        value text not null,
        figures jsonb not null,
        data_age jsonb not null,
        taken_at timestamptz not null default now(),
        made_late boolean not null,
        constraint burndown_snapshot_pkey primary key (programme_id, on_date, dimension, value)
      );
      create index burndown_snapshot_series_index on burndown_snapshot (programme_id, dimension, value, on_date);

      create function refuse_burndown_change() returns trigger language plpgsql as $$
      begin
        raise exception 'What a day ended with is never changed.' using errcode = 'restrict_violation';
      end $$;
      create trigger burndown_snapshot_immutable before update or delete on burndown_snapshot
        for each row execute function refuse_burndown_change();
      create trigger burndown_snapshot_kept before truncate on burndown_snapshot
        for each statement execute function refuse_burndown_change();
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop table burndown_snapshot;
      drop function refuse_burndown_change;
    `);
  }
}
