import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Messages to people: what is to be sent and what became of it, the demonstration's mailbox, and what the rollout sends. */
export class SendMessages1795565100000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table message (
        id bigint generated always as identity constraint message_pkey primary key,
        event text not null,
        channel text not null default 'mail' constraint message_channel_check check (channel in ('mail')),
        recipient_entra_id text not null,
        template text not null,
        reference jsonb not null default '{}',
        message_key text not null,
        planned_for timestamptz not null default now(),
        use_by timestamptz not null,
        state text not null default 'waiting' constraint message_state_check check
          (state in ('waiting', 'claimed', 'sending', 'sent', 'stopped', 'uncertain', 'dead')),
        attempts integer not null default 0,
        next_try_at timestamptz not null default now(),
        claim uuid,
        lease_until timestamptz,
        ended_at timestamptz,
        stop_reason text,
        last_error text,
        created_at timestamptz not null default now(),
        constraint message_event_key unique (event, recipient_entra_id, channel),
        constraint message_key_key unique (message_key),
        constraint message_event_check check (length(event) between 1 and 200),
        constraint message_claim_check check
          ((state in ('claimed', 'sending')) = (lease_until is not null) and (lease_until is null or claim is not null)),
        constraint message_ended_check check ((state in ('sent', 'stopped')) = (ended_at is not null)),
        constraint message_stop_reason_check check ((state = 'stopped') = (stop_reason is not null))
      );
      create index message_due_index on message (next_try_at, id) where state = 'waiting';
      create index message_lease_index on message (lease_until) where state in ('claimed', 'sending');
      create index message_undelivered_index on message (id) where state in ('uncertain', 'dead');
      create index message_template_index on message (template, state, ended_at);

      create table demonstration_mail (
        id bigint generated always as identity constraint demonstration_mail_pkey primary key,
        message_id bigint not null constraint demonstration_mail_message_fkey references message (id),
        recipient_address text not null,
        subject text not null,
        text text not null,
        html text not null,
        delivered_at timestamptz not null default now(),
        constraint demonstration_mail_message_key unique (message_id)
      );

      create table rollout_message_setting (
        template text not null constraint rollout_message_setting_pkey primary key,
        enabled boolean not null,
        days integer,
        version integer not null default 1,
        changed_by text not null,
        changed_at timestamptz not null default now(),
        constraint rollout_message_setting_days_check check (days between 1 and 60)
      );
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table rollout_message_setting, demonstration_mail, message');
  }
}
