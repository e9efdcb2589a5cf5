import {
  Check,
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryGeneratedColumn,
  Unique,
  type Relation,
} from 'typeorm';
import { Account } from './account.entity.js';
import type { Permission } from './permissions.js';

/** A key for a program, shown once when it is issued and kept as a hash only. */
@Entity('api_token')
@Unique('api_token_secret_key', ['secretHash'])
@Check('api_token_scopes_check', 'cardinality(scopes) > 0')
@Check('api_token_expiry_check', `expires_at <= issued_at + interval '2160 hours'`)
@Check('api_token_revocation_check', '(revoked_at is null) = (revoked_by is null)')
@Index('api_token_account_index', ['accountId'])
export class ApiToken {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'api_token_pkey' })
  id: number;

  /** SHA-256 of the token, which is random and long enough to need no salt. */
  @Column('bytea', { name: 'secret_hash' })
  secretHash: Buffer;

  /** How the token begins, so that its holder can tell which one it is. */
  @Column('text')
  prefix: string;

  /** What it is for. */
  @Column('text')
  name: string;

  @Column('integer', { name: 'account_id' })
  accountId: number;

  /** Whose it is. */
  @ManyToOne(() => Account, { nullable: false })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'api_token_account_fkey' })
  account: Relation<Account>;

  /** The most that it may do; a person's token never does more than the person may at that moment. */
  @Column('text', { array: true })
  scopes: Permission[];

  @Column('text', { name: 'issued_by' })
  issuedBy: string;

  @Column('timestamptz', { name: 'issued_at', default: () => 'now()' })
  issuedAt: Date;

  /** At most 90 days after it was issued. */
  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;

  /** Accurate to a minute. */
  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  lastUsedAt: Date | null;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt: Date | null;

  @Column('text', { name: 'revoked_by', nullable: true })
  revokedBy: string | null;
}
