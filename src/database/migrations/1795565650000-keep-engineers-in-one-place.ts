import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * No engineer has two open slots at the same time. An exclusion of "same engineer, overlapping times" needs the extension
 * btree_gist, which servers need not have; so the engineer is made part of the time: instants are ordered by engineer
 * first, and the times of two engineers lie apart on that line. Ranges over a type of one's own need no extension
 * (PostgreSQL documentation, 8.17.8 "Defining New Range Types").
 */
export class KeepEngineersInOnePlace1795565650000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create type engineer_instant as (engineer text collate "C", at timestamptz);
      create type engineer_time as range (subtype = engineer_instant);
      alter table slot add constraint slot_engineer_exclusion exclude using gist (
        engineer_time(row(engineer_entra_id, starts_at)::engineer_instant, row(engineer_entra_id, ends_at)::engineer_instant)
        with &&) where (state = 'open');
      drop index slot_engineer_key;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create unique index slot_engineer_key on slot (engineer_entra_id, starts_at) where state = 'open';
      alter table slot drop constraint slot_engineer_exclusion;
      drop type engineer_time;
      drop type engineer_instant;
    `);
  }
}
