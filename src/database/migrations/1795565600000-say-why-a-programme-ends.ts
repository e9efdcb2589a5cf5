import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a programme of the rollout was closed, by whom and why. */
export class SayWhyAProgrammeEnds1795565600000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table rollout_programme
        add column closed_at timestamptz,
        add column closed_by text,
        add column close_reason text,
        add constraint rollout_programme_closed_check
          check (state = 'closed' or (closed_at is null and closed_by is null and close_reason is null));
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `alter table rollout_programme drop column closed_at, drop column closed_by, drop column close_reason`,
    );
  }
}
