import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Receipts of commands, so that one that is sent twice is done once. */
export class KeepCommandReceipts1795478850000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table command_receipt (
        actor text not null,
        key text not null constraint command_receipt_key_check check (length(key) between 1 and 200),
        request_digest text not null,
        outcome jsonb,
        created_at timestamptz not null default now(),
        constraint command_receipt_pkey primary key (actor, key)
      );
      create index command_receipt_age_index on command_receipt (created_at);
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table command_receipt');
  }
}
