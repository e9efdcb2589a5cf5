import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was sent to the sign-in service, until its answer comes. */
export class KeepSignInsUnderWay1795478450000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table sign_in_attempt (
        state_hash bytea constraint sign_in_attempt_pkey primary key,
        browser_hash bytea not null,
        nonce text not null,
        verifier text not null,
        return_to text not null,
        expires_at timestamptz not null
      );
      create index sign_in_attempt_expiry_index on sign_in_attempt (expires_at);
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table sign_in_attempt');
  }
}
