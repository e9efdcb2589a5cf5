import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What tells one machine from another: keys, questions for people, their decisions, and former hostnames. */
export class ResolveIdentities1795305700000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table device add column record_count integer not null default 0;
      create index device_merged_into_index on device (merged_into_id) where merged_into_id is not null;

      drop index device_record_serial_number_index;
      -- The form in which two serial numbers are compared; see src/devices/domain/identity/serial-number.ts.
      create index device_record_serial_key_index on device_record
        (upper(translate(serial_number, E'\\u0020\\u0009\\u000a\\u000b\\u000c\\u000d\\u00a0', '') collate "C")) where serial_number is not null;

      create table device_shared_key (
        kind text not null constraint device_shared_key_kind_check
          check (kind in ('autopilot', 'managed', 'entra', 'serial')),
        value text not null,
        noticed_at timestamptz not null default now(),
        constraint device_shared_key_pkey primary key (kind, value)
      );

      create table device_decision (
        id integer generated always as identity constraint device_decision_pkey primary key,
        kind text not null constraint device_decision_kind_check check (kind in ('merge', 'split')),
        reason text not null,
        decided_by text not null,
        decided_at timestamptz not null default now(),
        evidence jsonb not null default '[]',
        undone_at timestamptz,
        undone_by text,
        undo_reason text
      );
      create table device_decision_record (
        decision_id integer not null constraint device_decision_record_decision_fkey references device_decision (id),
        source text not null,
        external_id text not null,
        machine smallint not null,
        constraint device_decision_record_pkey primary key (decision_id, source, external_id)
      );
      create index device_decision_record_index on device_decision_record (source, external_id);

      create table device_review (
        id integer generated always as identity constraint device_review_pkey primary key,
        kind text not null constraint device_review_kind_check
          check (kind in ('same_serial', 're_enrolled', 'conflicting_identity')),
        fingerprint text not null,
        state text not null default 'open' constraint device_review_state_check
          check (state in ('open', 'settled', 'expired')),
        evidence jsonb not null,
        opened_at timestamptz not null default now(),
        expired_at timestamptz,
        settled_at timestamptz,
        settled_by text,
        decision text constraint device_review_decision_check check (decision in ('same', 'different')),
        decision_id integer constraint device_review_decision_fkey references device_decision (id),
        constraint device_review_settled_check check ((state = 'settled') = (decision_id is not null))
      );
      create unique index device_review_fingerprint_key on device_review (fingerprint) where state <> 'settled';
      create index device_review_open_index on device_review (id) where state = 'open';
      create index device_review_decision_index on device_review (decision_id);

      create table device_review_record (
        review_id integer not null constraint device_review_record_review_fkey references device_review (id),
        record_id integer not null constraint device_review_record_record_fkey references device_record (id),
        constraint device_review_record_pkey primary key (review_id, record_id)
      );
      create index device_review_record_index on device_review_record (record_id);

      create table device_former_name (
        record_id integer not null constraint device_former_name_record_fkey references device_record (id),
        name text not null,
        first_seen_at timestamptz not null,
        last_seen_at timestamptz not null,
        constraint device_former_name_pkey primary key (record_id, name)
      );
      create index device_former_name_index on device_former_name (lower(name));

      -- A trigger, because a merge of a whole tenant overwrites names in one statement and would have to read them first.
      create function keep_former_name() returns trigger language plpgsql as $$
      begin
        insert into device_former_name as former (record_id, name, first_seen_at, last_seen_at)
        values (old.id, old.name,
                coalesce((select max(last_seen_at) from device_former_name where record_id = old.id), old.first_seen_at),
                now())
        on conflict (record_id, name) do update set last_seen_at = excluded.last_seen_at;
        return null;
      end $$;
      create trigger device_record_keep_former_name after update of name on device_record
        for each row when (old.name is not null and old.name is distinct from new.name)
        execute function keep_former_name();

      create view device_alias as
        select device_id, name, min(first_seen_at) as first_seen_at, max(last_seen_at) as last_seen_at
        from (
          select record.device_id, former.name, former.first_seen_at, former.last_seen_at
          from device_former_name former join device_record record on record.id = former.record_id
          union all
          select record.device_id, record.name,
                 coalesce((select max(former.last_seen_at) from device_former_name former where former.record_id = record.id),
                          record.first_seen_at),
                 case when record.presence = 'present' then now() else coalesce(record.absent_since, record.changed_at) end
          from device_record record where record.name is not null
        ) seen
        where device_id is not null
        group by device_id, name;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop view device_alias;
      drop trigger device_record_keep_former_name on device_record;
      drop function keep_former_name;
      drop table device_former_name, device_review_record, device_review, device_decision_record, device_decision, device_shared_key;
      drop index device_record_serial_key_index, device_merged_into_index;
      create index device_record_serial_number_index on device_record (upper(serial_number))
        where serial_number is not null;
      alter table device drop column record_count;
    `);
  }
}
