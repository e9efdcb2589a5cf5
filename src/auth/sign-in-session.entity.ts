import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, Unique, type Relation } from 'typeorm';
import { Account } from './account.entity.js';

/** A browser in which somebody is signed in. The cookie's value itself is not kept. */
@Entity('sign_in_session')
@Unique('sign_in_session_secret_key', ['secretHash'])
@Index('sign_in_session_account_index', ['accountId'])
@Index('sign_in_session_expiry_index', ['expiresAt'])
export class SignInSession {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'sign_in_session_pkey' })
  id: number;

  /** SHA-256 of the cookie's value, which is random and long enough to need no salt. */
  @Column('bytea', { name: 'secret_hash' })
  secretHash: Buffer;

  @Column('integer', { name: 'account_id' })
  accountId: number;

  @ManyToOne(() => Account, { nullable: false })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'sign_in_session_account_fkey' })
  account: Relation<Account>;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  /** Accurate to a minute. */
  @Column('timestamptz', { name: 'last_used_at', default: () => 'now()' })
  lastUsedAt: Date;

  /** The end, however much it is used. */
  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;
}
