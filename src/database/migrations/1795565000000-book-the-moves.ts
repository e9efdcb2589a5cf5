import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Waves, slots with their places, who is booked into them, who may book for whom, and feeds of calendars. */
export class BookTheMoves1795565000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table wave (
        id integer generated always as identity constraint wave_pkey primary key,
        programme_id integer not null constraint wave_programme_fkey references rollout_programme (id),
        name text not null,
        starts_on date not null,
        ends_on date not null,
        filter jsonb,
        created_by text not null,
        created_at timestamptz not null default now(),
        version bigint not null default nextval('rollout_version_sequence'),
        constraint wave_name_key unique (programme_id, name),
        constraint wave_name_check check (length(name) between 1 and 120),
        constraint wave_days_check check (ends_on >= starts_on)
      );
      alter table move add constraint move_wave_fkey foreign key (wave_id) references wave (id);

      create table wave_member (
        move_id integer not null constraint wave_member_pkey primary key
          constraint wave_member_move_fkey references move (id),
        wave_id integer not null constraint wave_member_wave_fkey references wave (id),
        source text not null constraint wave_member_source_check check (source in ('query', 'hand')),
        added_by text not null,
        added_at timestamptz not null default now()
      );
      create index wave_member_wave_index on wave_member (wave_id);

      create table slot_closure (
        id integer generated always as identity constraint slot_closure_pkey primary key,
        programme_id integer not null constraint slot_closure_programme_fkey references rollout_programme (id),
        site text,
        from_day date not null,
        until_day date not null,
        reason text not null,
        created_by text not null,
        created_at timestamptz not null default now(),
        withdrawn_at timestamptz,
        constraint slot_closure_days_check check (until_day >= from_day)
      );
      create index slot_closure_programme_index on slot_closure (programme_id, until_day);

      create table slot (
        id integer generated always as identity constraint slot_pkey primary key,
        programme_id integer not null constraint slot_programme_fkey references rollout_programme (id),
        site text not null,
        engineer_entra_id text not null,
        starts_at timestamptz not null,
        ends_at timestamptz not null,
        cut_off_at timestamptz not null,
        capacity integer not null,
        state text not null default 'open',
        closure_id integer constraint slot_closure_fkey references slot_closure (id),
        created_by text not null,
        created_at timestamptz not null default now(),
        version bigint not null default nextval('rollout_version_sequence'),
        constraint slot_place_key unique (id, capacity, state),
        constraint slot_times_check check (ends_at > starts_at),
        constraint slot_cut_off_check check (cut_off_at <= starts_at),
        constraint slot_capacity_check check (capacity between 1 and 100),
        constraint slot_state_check check (state in ('open', 'closed')),
        constraint slot_closure_check check (closure_id is null or state = 'closed')
      );
      create unique index slot_engineer_key on slot (engineer_entra_id, starts_at) where state = 'open';
      create index slot_time_index on slot (programme_id, starts_at, site);

      create table booking (
        id integer generated always as identity constraint booking_pkey primary key,
        move_id integer not null constraint booking_move_fkey references move (id),
        slot_id integer,
        slot_capacity integer,
        slot_state text,
        place integer,
        deliver_on date,
        tracking text,
        state text not null,
        laptop_id integer constraint booking_laptop_fkey references device (id),
        laptop_put_aside boolean not null default false,
        booked_by text not null,
        created_at timestamptz not null default now(),
        ended_by text,
        ended_at timestamptz,
        end_reason text,
        version bigint not null default nextval('rollout_version_sequence'),
        constraint booking_slot_fkey foreign key (slot_id, slot_capacity, slot_state)
          references slot (id, capacity, state) on update cascade,
        constraint booking_state_check check
          (state in ('booked', 'waiting', 'cancelled', 'missed', 'attended', 'delivered')),
        constraint booking_kind_check check (
          num_nulls(slot_id, slot_capacity, slot_state) in (0, 3) and (slot_id is null) = (deliver_on is not null)
          and case when slot_id is null then state in ('booked', 'cancelled', 'delivered') else state <> 'delivered' end),
        constraint booking_place_check check (
          (place is not null) = (slot_id is not null and state in ('booked', 'attended'))
          and (place is null or place between 1 and slot_capacity)),
        constraint booking_open_slot_check check (
          state not in ('booked', 'waiting') or slot_state is null or slot_state = 'open'),
        constraint booking_laptop_check check (laptop_id is not null or not laptop_put_aside),
        constraint booking_waiting_check check (state <> 'waiting' or laptop_id is null),
        constraint booking_ended_check check ((state in ('booked', 'waiting')) = (ended_at is null)),
        constraint booking_tracking_check check (tracking is null or slot_id is null)
      );
      create unique index booking_place_key on booking (slot_id, place) where place is not null;
      create unique index booking_live_key on booking (move_id) where state in ('booked', 'waiting');
      create unique index booking_laptop_key on booking (laptop_id) where state = 'booked' and laptop_id is not null;
      create index booking_waiting_index on booking (slot_id, id) where state = 'waiting';
      create index booking_slot_index on booking (slot_id) where slot_id is not null;
      create index booking_move_index on booking (move_id, id);

      create table move_delegate (
        id integer generated always as identity constraint move_delegate_pkey primary key,
        principal_entra_id text not null,
        delegate_entra_id text not null,
        until_day date not null,
        named_by text not null,
        named_at timestamptz not null default now(),
        ended_at timestamptz,
        constraint move_delegate_other_check check (principal_entra_id <> delegate_entra_id)
      );
      create unique index move_delegate_live_key on move_delegate (principal_entra_id, delegate_entra_id)
        where ended_at is null;
      create index move_delegate_delegate_index on move_delegate (delegate_entra_id) where ended_at is null;

      create table calendar_feed (
        id integer generated always as identity constraint calendar_feed_pkey primary key,
        person_entra_id text not null,
        purpose text not null,
        secret_hash bytea not null,
        issued_at timestamptz not null default now(),
        expires_at timestamptz not null,
        revoked_at timestamptz,
        constraint calendar_feed_secret_key unique (secret_hash),
        constraint calendar_feed_secret_check check (octet_length(secret_hash) = 32),
        constraint calendar_feed_purpose_check check (purpose in ('engineer', 'own'))
      );
      create unique index calendar_feed_live_key on calendar_feed (person_entra_id, purpose) where revoked_at is null;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table move drop constraint move_wave_fkey;
      update move set wave_id = null;
      drop table calendar_feed, move_delegate, booking, slot, slot_closure, wave_member, wave;
    `);
  }
}
