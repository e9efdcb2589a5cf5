import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who has signed in or works through a token, their sessions, and the tokens of programs. */
export class LetPeopleIn1795478400000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table account (
        id integer generated always as identity constraint account_pkey primary key,
        tenant_id uuid,
        object_id uuid,
        service_name text,
        display_name text not null,
        roles text[] not null default '{}'
          constraint account_roles_check
            check (roles <@ array['service-desk', 'stock-holder', 'engineer', 'rollout-manager', 'approver', 'reviewer',
                                  'administrator']),
        roles_stated_at timestamptz,
        last_sign_in_at timestamptz,
        created_at timestamptz not null default now(),
        constraint account_object_key unique (tenant_id, object_id),
        constraint account_service_key unique (service_name),
        -- Either somebody of the tenant or a service of our own, and never half of one.
        constraint account_identity_check
          check ((tenant_id is null) = (object_id is null) and (object_id is null) = (service_name is not null))
      );

      create table sign_in_session (
        id integer generated always as identity constraint sign_in_session_pkey primary key,
        secret_hash bytea not null constraint sign_in_session_secret_key unique,
        account_id integer not null constraint sign_in_session_account_fkey references account (id),
        created_at timestamptz not null default now(),
        last_used_at timestamptz not null default now(),
        expires_at timestamptz not null
      );
      create index sign_in_session_account_index on sign_in_session (account_id);
      create index sign_in_session_expiry_index on sign_in_session (expires_at);

      create table api_token (
        id integer generated always as identity constraint api_token_pkey primary key,
        secret_hash bytea not null constraint api_token_secret_key unique,
        prefix text not null,
        name text not null,
        account_id integer not null constraint api_token_account_fkey references account (id),
        scopes text[] not null constraint api_token_scopes_check check (cardinality(scopes) > 0),
        issued_by text not null,
        issued_at timestamptz not null default now(),
        expires_at timestamptz not null,
        last_used_at timestamptz,
        revoked_at timestamptz,
        revoked_by text,
        -- 90 days, in hours so that no change of the clocks lengthens them.
        constraint api_token_expiry_check check (expires_at <= issued_at + interval '2160 hours'),
        constraint api_token_revocation_check check ((revoked_at is null) = (revoked_by is null))
      );
      create index api_token_account_index on api_token (account_id);
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table api_token; drop table sign_in_session; drop table account');
  }
}
