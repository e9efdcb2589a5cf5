import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The trail of what was done, and its head. The triggers stop every role that may not switch triggers off; the chain of
 * hashes and the heads published outside are for those who may. The beginning of the chain is the SHA-256 of the name of
 * the canonical form and the installation's id, each after its length, see src/audit/canonical-form.ts.
 */
export class BeginTheAuditTrail1795478500000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table audit_event (
        id bigint constraint audit_event_pkey primary key,
        form smallint not null,
        at timestamptz(3) not null,
        event text not null,
        actor text not null,
        subject_kind text,
        subject_id text,
        details jsonb not null,
        request_id text,
        previous_hash bytea not null,
        hash bytea not null,
        constraint audit_event_id_check check (id > 0),
        constraint audit_event_hash_check check (octet_length(hash) = 32 and octet_length(previous_hash) = 32),
        constraint audit_event_subject_check check ((subject_kind is null) = (subject_id is null))
      );
      create index audit_event_at_index on audit_event (at, id);
      create index audit_event_event_index on audit_event (event, id);
      create index audit_event_actor_index on audit_event (actor, id);
      create index audit_event_actor_kind_index on audit_event (split_part(actor, ':', 1), id);
      create index audit_event_subject_index on audit_event (subject_kind, subject_id, id);

      create table audit_chain (
        single boolean not null default true constraint audit_chain_pkey primary key,
        installation_id uuid not null,
        head_id bigint not null,
        head_hash bytea not null,
        head_at timestamptz(3) not null,
        constraint audit_chain_single_check check (single)
      );
      insert into audit_chain (installation_id, head_id, head_hash, head_at)
      select id, 0, sha256(int4send(16) || convert_to('untether-audit-1', 'UTF8') || int4send(36)
        || convert_to(id::text, 'UTF8')), now()
      from (select gen_random_uuid() as id) as installation;

      create function refuse_audit_change() returns trigger language plpgsql as $$
      begin
        raise exception 'The audit trail is only ever added to.' using errcode = 'insufficient_privilege';
      end $$;
      create trigger audit_event_refuse_change before update or delete on audit_event
        for each row execute function refuse_audit_change();
      create trigger audit_event_refuse_truncate before truncate on audit_event
        for each statement execute function refuse_audit_change();
      create trigger audit_chain_refuse_removal before delete on audit_chain
        for each row execute function refuse_audit_change();
      create trigger audit_chain_refuse_truncate before truncate on audit_chain
        for each statement execute function refuse_audit_change();
      create trigger audit_chain_refuse_return before update on audit_chain for each row
        when (new.head_id <= old.head_id or new.installation_id <> old.installation_id or new.head_at < old.head_at)
        execute function refuse_audit_change();
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop table audit_chain;
      drop table audit_event;
      drop function refuse_audit_change;
    `);
  }
}
