import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import type { EvidenceType } from '../common/evidence-file.js';
import type { SurveyResult } from './domain/network-words.js';
import { NetworkSite } from './network-site.entity.js';

/** A survey of the Wi-Fi at a site, with the file that proves it. */
@Entity('wifi_survey')
@Check('wifi_survey_result_check', `result in ('passed', 'passed_in_part', 'failed')`)
@Check('wifi_survey_clients_check', 'clients_supported between 0 and 100000')
@Check('wifi_survey_days_check', 'expires_on >= surveyed_on')
@Check(
  'wifi_survey_withdrawal_check',
  '(withdrawn_at is null) = (withdrawn_by is null) and (withdrawn_at is null) = (withdrawn_reason is null) and length(withdrawn_reason) between 1 and 2000',
)
@Check(
  'wifi_survey_evidence_check',
  '(evidence is null) = (evidence_hash is null) and (evidence is null) = (evidence_name is null) and (evidence is null) = (evidence_type is null) and (evidence is null or length(evidence) <= 10485760)',
)
@Index('wifi_survey_site_index', { synchronize: false })
export class WifiSurvey {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'wifi_survey_pkey' })
  id: number;

  @ManyToOne(() => NetworkSite, { nullable: false })
  @JoinColumn({ name: 'site_id', foreignKeyConstraintName: 'wifi_survey_site_fkey' })
  site: Relation<NetworkSite>;

  @Column('date', { name: 'surveyed_on' })
  surveyedOn: string;

  @Column('text')
  result: SurveyResult;

  @Column('text', { nullable: true })
  floors: string | null;

  @Column('integer', { name: 'clients_supported', nullable: true })
  clientsSupported: number | null;

  @Column('date', { name: 'expires_on', nullable: true })
  expiresOn: string | null;

  @Column('text', { name: 'evidence_name', nullable: true })
  evidenceName: string | null;

  @Column('text', { name: 'evidence_type', nullable: true })
  evidenceType: EvidenceType | null;

  @Column('text', { name: 'evidence_hash', nullable: true })
  evidenceHash: string | null;

  @Column('bytea', { nullable: true })
  evidence: Buffer | null;

  /** When somebody said that it does not count; null while it does. */
  @Column('timestamptz', { name: 'withdrawn_at', nullable: true })
  withdrawnAt: Date | null;

  @Column('text', { name: 'withdrawn_by', nullable: true })
  withdrawnBy: string | null;

  @Column('text', { name: 'withdrawn_reason', nullable: true })
  withdrawnReason: string | null;

  @Column('text', { name: 'changed_by' })
  changedBy: string;

  @Column('timestamptz', { name: 'changed_at', default: () => 'now()' })
  changedAt: Date;

  @Column('bigint', { default: () => `nextval('network_version_sequence')` })
  version: string;
}
