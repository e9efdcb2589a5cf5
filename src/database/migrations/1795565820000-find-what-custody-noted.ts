import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What custody noted of requests by itself is found by its time, so that it is told soon after. */
export class FindWhatCustodyNoted1795565820000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `create index request_event_custody_index on request_event (at) where actor = 'system:custody'`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index request_event_custody_index');
  }
}
