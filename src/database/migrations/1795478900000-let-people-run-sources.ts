import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs that somebody asks for in the browser or through the API. */
export class LetPeopleRunSources1795478900000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table sync_run drop constraint sync_run_trigger_check,
        add constraint sync_run_trigger_check check (trigger in ('schedule', 'command', 'start', 'person'));
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      update sync_run set trigger = 'command' where trigger = 'person';
      alter table sync_run drop constraint sync_run_trigger_check,
        add constraint sync_run_trigger_check check (trigger in ('schedule', 'command', 'start'));
    `);
  }
}
