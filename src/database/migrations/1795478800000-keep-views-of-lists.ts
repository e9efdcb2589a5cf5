import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Views of lists that people keep under a name, and indexes for what lists are narrowed to. */
export class KeepViewsOfLists1795478800000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table saved_view (
        id integer generated always as identity constraint saved_view_pkey primary key,
        owner_entra_id text not null,
        list text not null,
        name text not null,
        query text not null,
        shared_with_role text,
        created_at timestamptz not null default now(),
        changed_at timestamptz not null default now(),
        constraint saved_view_name_check check (length(name) between 1 and 80),
        constraint saved_view_query_check check (length(query) <= 2000)
      );
      create unique index saved_view_name_key on saved_view (owner_entra_id, list, lower(name));
      create index saved_view_role_index on saved_view (shared_with_role, list) where shared_with_role is not null;

      create table saved_view_default (
        person_entra_id text not null,
        list text not null,
        view_id integer not null
          constraint saved_view_default_view_fkey references saved_view (id) on delete cascade,
        constraint saved_view_default_pkey primary key (person_entra_id, list)
      );
      create index saved_view_default_view_index on saved_view_default (view_id);

      create index device_contradicted_index on device (id) where form_factor_contradicted;
      create index device_live_user_index on device (user_entra_id)
        where merged_into_id is null and presence <> 'gone' and user_entra_id is not null;
      create index person_leaver_index on person (lower(display_name), id)
        where account_enabled = false or absent_since is not null;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop index person_leaver_index, device_live_user_index, device_contradicted_index;
      drop table saved_view_default, saved_view;
    `);
  }
}
