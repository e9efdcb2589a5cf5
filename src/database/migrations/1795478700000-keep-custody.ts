import type { MigrationInterface, QueryRunner } from 'typeorm';

const STATES = `'on_order', 'in_stock', 'allocated', 'in_use', 'return_due', 'recovered', 'wiped', 'awaiting_disposal',
  'disposed', 'missing', 'stolen', 'written_off'`;

const COMMANDS = `'order', 'receive', 'allocate', 'hold', 'quarantine', 'release', 'move', 'hand-over', 'install',
  'transfer', 'recall', 'keep', 'take-back', 'report-missing', 'report-stolen', 'find', 'send-to-repair',
  'return-from-repair', 'wipe', 'restock', 'send-to-disposal', 'dispose', 'write-off', 'correct', 'note', 'settle', 'join'`;

/** Who has each machine and where it stands, how it came to that, and what proves it. Only people's commands write here. */
export class KeepCustody1795478700000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- A version names one content for ever, also when the row of a machine is taken away and made again.
      create sequence device_custody_version_sequence;

      create table device_custody (
        id integer generated always as identity constraint device_custody_pkey primary key,
        device_id integer not null constraint device_custody_device_fkey references device (id),
        recorded_for integer not null constraint device_custody_recorded_for_fkey references device (id),
        state text not null constraint device_custody_state_check check (state in (${STATES})),
        substate text,
        holder_entra_id text,
        place text,
        version bigint not null default nextval('device_custody_version_sequence'),
        since timestamptz not null default now(),
        changed_at timestamptz not null default now(),
        set_aside_at timestamptz,
        contested boolean not null default false,
        constraint device_custody_substate_check check (
          case when state = 'in_stock' then substate is not null and substate in ('available', 'held', 'quarantined', 'repair')
               when state in ('in_use', 'return_due') then substate is null or substate = 'shared'
               else substate is null end),
        constraint device_custody_holder_check check (
          (holder_entra_id is not null)
            = (state in ('allocated', 'in_use', 'return_due') and substate is distinct from 'shared')),
        constraint device_custody_shared_check check (substate is distinct from 'shared' or place is not null),
        constraint device_custody_contested_check check (not contested or set_aside_at is not null)
      );
      alter sequence device_custody_version_sequence owned by device_custody.version;
      -- One holder at a time: a machine has one row that counts.
      create unique index device_custody_live_key on device_custody (device_id) where set_aside_at is null;
      create index device_custody_device_index on device_custody (device_id);
      create index device_custody_recorded_for_index on device_custody (recorded_for);
      create index device_custody_holder_index on device_custody (holder_entra_id, device_id)
        where holder_entra_id is not null;
      create index device_custody_state_index on device_custody (state, substate, device_id) where set_aside_at is null;
      create index device_custody_contested_index on device_custody (device_id) where contested;

      -- Machines that were received before any source knew them; see src/devices/lifecycle/boxed-machines.service.ts.
      create table boxed_device (
        device_id integer constraint boxed_device_pkey primary key
          constraint boxed_device_device_fkey references device (id),
        serial_key text not null,
        manufacturer_key text,
        received_at timestamptz not null default now()
      );
      create index boxed_device_serial_index on boxed_device (serial_key);

      alter table device_register add column linked_for integer
        constraint device_register_linked_for_fkey references device (id);

      create table custody_evidence (
        id integer generated always as identity constraint custody_evidence_pkey primary key,
        device_id integer not null constraint custody_evidence_device_fkey references device (id),
        file_name text not null,
        media_type text not null constraint custody_evidence_media_type_check
          check (media_type in ('application/pdf', 'image/png', 'image/jpeg', 'text/plain', 'text/csv')),
        content_hash text not null,
        content bytea not null,
        uploaded_by text not null,
        uploaded_at timestamptz not null default now(),
        constraint custody_evidence_size_check check (octet_length(content) between 1 and 10485760)
      );
      alter table custody_evidence alter column content set storage external;
      create index custody_evidence_device_index on custody_evidence (device_id);

      create table custody_bulk (
        id integer generated always as identity constraint custody_bulk_pkey primary key,
        command text not null constraint custody_bulk_command_check check (command in (${COMMANDS})),
        input jsonb not null,
        state text not null default 'checked' constraint custody_bulk_state_check check (state in ('checked', 'done')),
        mode text constraint custody_bulk_mode_check check (mode in ('rest', 'all')),
        actor text not null,
        checked_at timestamptz not null default now(),
        done_at timestamptz,
        constraint custody_bulk_done_check check ((state = 'done') = (mode is not null) and (state = 'done') = (done_at is not null))
      );
      create index custody_bulk_checked_index on custody_bulk (checked_at) where state = 'checked';

      create table custody_bulk_line (
        bulk_id integer not null constraint custody_bulk_line_bulk_fkey references custody_bulk (id) on delete cascade,
        line integer not null,
        given text not null,
        device_id integer,
        version bigint,
        outcome text not null constraint custody_bulk_line_outcome_check check (outcome in ('ready', 'refused', 'done', 'undone')),
        reason text,
        constraint custody_bulk_line_pkey primary key (bulk_id, line)
      );

      create table custody_event (
        id bigint generated always as identity constraint custody_event_pkey primary key,
        device_id integer not null constraint custody_event_device_fkey references device (id),
        custody_id integer,
        command text not null constraint custody_event_command_check check (command in (${COMMANDS})),
        from_state text,
        from_substate text,
        to_state text,
        to_substate text,
        holder_before text,
        holder_after text,
        place_before text,
        place_after text,
        since_before timestamptz,
        reason text,
        reference text,
        details jsonb not null default '{}',
        evidence_id integer constraint custody_event_evidence_fkey references custody_evidence (id),
        corrects_id bigint constraint custody_event_corrects_fkey references custody_event (id),
        bulk_id integer constraint custody_event_bulk_fkey references custody_bulk (id),
        actor text not null,
        at timestamptz not null default now()
      );
      create index custody_event_device_index on custody_event (device_id, id desc);
      create index custody_event_custody_index on custody_event (custody_id, id desc);
      create unique index custody_event_corrects_key on custody_event (corrects_id) where corrects_id is not null;

      create function refuse_custody_history_change() returns trigger language plpgsql as $$
      begin
        raise exception 'The history of custody is only ever added to.' using errcode = 'restrict_violation';
      end $$;
      create trigger custody_event_append_only before update or delete on custody_event
        for each row execute function refuse_custody_history_change();
      create trigger custody_evidence_append_only before update or delete on custody_evidence
        for each row execute function refuse_custody_history_change();
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop table custody_event, custody_bulk_line, custody_bulk, custody_evidence, boxed_device, device_custody;
      drop function refuse_custody_history_change;
      alter table device_register drop column linked_for;
    `);
  }
}
