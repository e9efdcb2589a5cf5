import { Check, Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { ChangedRecord } from './changed-record.entity.js';

/** What people of one way of working get together. */
@Entity('bundle')
@Check('bundle_name_check', 'length(name) between 1 and 200 and name = btrim(name)')
@Check('bundle_work_style_check', `work_style in ('fixed', 'office_mobile', 'home', 'field', 'shared_desk', 'exempt')`)
@Index('bundle_name_key', { synchronize: false })
export class Bundle extends ChangedRecord {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'bundle_pkey' })
  id: number;

  @Column('text')
  name: string;

  @Column('text', { name: 'work_style', nullable: true })
  workStyle: string | null;

  @Column('text', { nullable: true })
  description: string | null;

  @Column('boolean', { default: true })
  offered: boolean;
}
