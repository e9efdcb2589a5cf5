import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { Device } from '../device.entity.js';
import type { EvidenceType } from '../../common/evidence-file.js';

/** A file that proves a step: a certificate, a collection note, a photograph. Never changed or deleted. */
@Entity('custody_evidence')
@Check(
  'custody_evidence_media_type_check',
  `media_type in ('application/pdf', 'image/png', 'image/jpeg', 'text/plain', 'text/csv')`,
)
@Check('custody_evidence_size_check', 'octet_length(content) between 1 and 10485760')
@Index('custody_evidence_device_index', ['device'])
export class CustodyEvidence {
  @PrimaryGeneratedColumn('identity', {
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'custody_evidence_pkey',
  })
  id: number;

  @ManyToOne(() => Device, { nullable: false })
  @JoinColumn({ name: 'device_id', foreignKeyConstraintName: 'custody_evidence_device_fkey' })
  device: Relation<Device>;

  /** The name that it was sent under, only to be shown; nothing is ever stored under it. */
  @Column('text', { name: 'file_name' })
  fileName: string;

  @Column('text', { name: 'media_type' })
  mediaType: EvidenceType;

  /** SHA-256 in hexadecimal. */
  @Column('text', { name: 'content_hash' })
  contentHash: string;

  @Column('bytea')
  content: Buffer;

  @Column('text', { name: 'uploaded_by' })
  uploadedBy: string;

  @Column('timestamptz', { name: 'uploaded_at', default: () => 'now()' })
  uploadedAt: Date;
}
