import type { MigrationInterface, QueryRunner } from 'typeorm';

const CLASSES = `('desktop', 'all_in_one', 'mini_pc', 'laptop', 'convertible', 'tablet', 'phone', 'thin_client',
  'workstation_fixed', 'workstation_mobile', 'virtual', 'server', 'appliance', 'unknown')`;

/** What each machine is, how that is known, what people decided about it, and every change of it. */
export class ClassifyTheMachines1795305900000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table device
        add column form_factor text not null default 'unknown'
          constraint device_form_factor_check check (form_factor in ${CLASSES}),
        add column form_factor_superclass text not null default 'unknown'
          constraint device_form_factor_superclass_check
            check (form_factor_superclass in ('portable', 'fixed', 'other', 'unknown')),
        add column form_factor_rule text,
        add column form_factor_confidence double precision not null default 0,
        add column form_factor_decided_by text not null default 'none'
          constraint device_form_factor_decided_by_check
            check (form_factor_decided_by in ('device_override', 'model_override', 'catalogue', 'signal', 'none')),
        add column form_factor_contradicted boolean not null default false,
        add column form_factor_evidence jsonb,
        add column form_factor_at timestamptz,
        add column form_factor_basis timestamptz,
        add column manufacturer_key text,
        add column model_key text;
      create index device_unclassified_index on device (id)
        where merged_into_id is null and form_factor_basis is distinct from changed_at;
      create index device_superclass_index on device (form_factor_superclass, lower(name));
      create index device_form_factor_index on device (form_factor, lower(name));
      -- Holds all that the list of models counts, so that it is read without the table.
      create index device_model_key_index on device
        (manufacturer_key, model_key, presence, form_factor, form_factor_contradicted) where merged_into_id is null;

      create table model_override (
        id integer generated always as identity constraint model_override_pkey primary key,
        manufacturer_key text not null,
        model_key text not null,
        manufacturer text not null,
        model text not null,
        form_factor text not null constraint model_override_form_factor_check check (form_factor in ${CLASSES}),
        reason text not null,
        decided_by text not null,
        decided_at timestamptz not null default now(),
        withdrawn_at timestamptz,
        withdrawn_by text,
        withdrawal_reason text,
        constraint model_override_withdrawal_check
          check ((withdrawn_at is null) = (withdrawn_by is null) and (withdrawn_at is null) = (withdrawal_reason is null))
      );
      create unique index model_override_live_key on model_override (manufacturer_key, model_key)
        where withdrawn_at is null;

      create table device_form_factor_override (
        id integer generated always as identity constraint device_form_factor_override_pkey primary key,
        device_id integer not null constraint device_form_factor_override_device_fkey references device (id),
        form_factor text not null
          constraint device_form_factor_override_form_factor_check check (form_factor in ${CLASSES}),
        reason text not null,
        decided_by text not null,
        decided_at timestamptz not null default now(),
        withdrawn_at timestamptz,
        withdrawn_by text,
        withdrawal_reason text,
        constraint device_form_factor_override_withdrawal_check
          check ((withdrawn_at is null) = (withdrawn_by is null) and (withdrawn_at is null) = (withdrawal_reason is null))
      );
      create unique index device_form_factor_override_live_key on device_form_factor_override (device_id)
        where withdrawn_at is null;

      create table form_factor_change (
        id bigint generated always as identity constraint form_factor_change_pkey primary key,
        device_id integer not null constraint form_factor_change_device_fkey references device (id),
        from_form_factor text not null,
        from_superclass text not null,
        to_form_factor text not null,
        to_superclass text not null,
        rule text not null,
        cause text not null constraint form_factor_change_cause_check
          check (cause in ('records', 'catalogue', 'override', 'withdrawal')),
        reason text not null,
        changed_by text,
        changed_at timestamptz not null default now()
      );
      create index form_factor_change_device_index on form_factor_change (device_id, id);
      create index form_factor_change_time_index on form_factor_change (changed_at);

      create table form_factor_catalogue (
        id smallint not null default 1 constraint form_factor_catalogue_pkey primary key
          constraint form_factor_catalogue_single_check check (id = 1),
        version text not null,
        applied_at timestamptz not null default now()
      );
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop table form_factor_catalogue, form_factor_change, device_form_factor_override, model_override;
      drop index device_model_key_index, device_form_factor_index, device_superclass_index, device_unclassified_index;
      alter table device
        drop column form_factor, drop column form_factor_superclass, drop column form_factor_rule,
        drop column form_factor_confidence, drop column form_factor_decided_by, drop column form_factor_contradicted,
        drop column form_factor_evidence, drop column form_factor_at, drop column form_factor_basis,
        drop column manufacturer_key, drop column model_key;
    `);
  }
}
