import { Column, Entity, JoinColumn, OneToOne, PrimaryGeneratedColumn, Unique, type Relation } from 'typeorm';
import { Message } from './message.entity.js';

/** A mail that the demonstration delivered to its own mailbox: people there are invented, and no mail leaves it. */
@Entity('demonstration_mail')
@Unique('demonstration_mail_message_key', ['message'])
export class DemonstrationMail {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'demonstration_mail_pkey',
  })
  id: string;

  @OneToOne(() => Message, { nullable: false })
  @JoinColumn({ name: 'message_id', foreignKeyConstraintName: 'demonstration_mail_message_fkey' })
  message: Relation<Message>;

  @Column('text', { name: 'recipient_address' })
  recipientAddress: string;

  @Column('text')
  subject: string;

  @Column('text')
  text: string;

  @Column('text')
  html: string;

  @Column('timestamptz', { name: 'delivered_at', default: () => 'now()' })
  deliveredAt: Date;
}
