import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a synchronisation writes twice, or writes for nobody. */
export class LightenTheSynchronisation1795479000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- Read once, by the merge: taking the text apart at both ends costs twice.
      alter table sync_staging alter column fields type json using fields::json;
      -- No query compares departments but without regard to case, and person_user_principal_name_prefix_index serves
      -- equality as well.
      drop index person_department_index, person_user_principal_name_index;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table sync_staging alter column fields type jsonb using fields::jsonb;
      create index person_department_index on person (department, id);
      create index person_user_principal_name_index on person (lower(user_principal_name));
    `);
  }
}
