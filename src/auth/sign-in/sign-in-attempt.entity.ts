import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A sign-in under way: what was sent to the sign-in service, and for which browser. It is removed when it is used. */
@Entity('sign_in_attempt')
@Index('sign_in_attempt_expiry_index', ['expiresAt'])
export class SignInAttemptRow {
  /** SHA-256 of the `state`. */
  @PrimaryColumn('bytea', { name: 'state_hash', primaryKeyConstraintName: 'sign_in_attempt_pkey' })
  stateHash: Buffer;

  /** SHA-256 of the cookie of the browser that began it. */
  @Column('bytea', { name: 'browser_hash' })
  browserHash: Buffer;

  @Column('text')
  nonce: string;

  /** The PKCE verifier: worthless without the code, which comes to the browser. */
  @Column('text')
  verifier: string;

  @Column('text', { name: 'return_to' })
  returnTo: string;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;
}
