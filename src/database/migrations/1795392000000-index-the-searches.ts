import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Indexes for searches by the beginning of a text and for the filters of lists. `text_pattern_ops` makes them serve
 * LIKE whatever the collation of the database is; the filters compare without regard to case.
 */
export class IndexTheSearches1795392000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create index person_name_prefix_index on person (lower(display_name) text_pattern_ops);
      create index person_surname_prefix_index on person (lower(surname) text_pattern_ops);
      create index person_mail_prefix_index on person (lower(mail) text_pattern_ops);
      create index person_user_principal_name_prefix_index on person (lower(user_principal_name) text_pattern_ops);
      create index person_department_filter_index on person (lower(department), lower(display_name));
      create index person_office_filter_index on person (lower(office_location), lower(display_name));

      create index device_name_prefix_index on device (lower(name) text_pattern_ops);
      create index device_serial_number_prefix_index on device (upper(serial_number) text_pattern_ops);
      create index device_model_prefix_index on device (lower(model) text_pattern_ops);
      create index device_operating_system_index on device (lower(operating_system), lower(name));
      create index device_compliance_index on device (lower(compliance_state), lower(name));
      create index device_ownership_index on device (lower(ownership), lower(name));
      create index device_upgrade_eligibility_index on device (lower(upgrade_eligibility), lower(name));
      create index device_absent_index on device (lower(name)) where presence <> 'present';
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop index device_absent_index, device_upgrade_eligibility_index, device_ownership_index, device_compliance_index,
        device_operating_system_index, device_model_prefix_index, device_serial_number_prefix_index,
        device_name_prefix_index, person_office_filter_index, person_department_filter_index,
        person_user_principal_name_prefix_index, person_mail_prefix_index, person_surname_prefix_index,
        person_name_prefix_index;
    `);
  }
}
