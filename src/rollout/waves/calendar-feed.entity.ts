import { Check, Column, Entity, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';

/** A secret address under which a calendar program reads somebody's appointments. Only a hash of the secret is kept. */
@Entity('calendar_feed')
@Unique('calendar_feed_secret_key', ['secretHash'])
@Check('calendar_feed_secret_check', 'octet_length(secret_hash) = 32')
@Check('calendar_feed_purpose_check', `purpose in ('engineer', 'own')`)
@Index('calendar_feed_live_key', { synchronize: false })
export class CalendarFeed {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'calendar_feed_pkey' })
  id: number;

  @Column('text', { name: 'person_entra_id' })
  personEntraId: string;

  /** An engineer's days with the people who come, or one's own appointment. */
  @Column('text')
  purpose: 'engineer' | 'own';

  /** SHA-256 of the secret. */
  @Column('bytea', { name: 'secret_hash' })
  secretHash: Buffer;

  @Column('timestamptz', { name: 'issued_at', default: () => 'now()' })
  issuedAt: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt: Date | null;
}
