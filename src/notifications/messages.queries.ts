import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { NotFoundError } from '../common/errors.js';
import type { Page, PageRequest } from '../common/paging.js';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.types.js';
import { boundedCount, type Count } from '../database/bounded-count.js';
import { keysetPage } from '../database/keyset-page.js';
import { SqlConditions, utc } from '../database/sql-conditions.js';
import { mailWay, type MailWay } from './mail-way.js';
import type { MessageState } from './message-words.js';

/** A message as lists show it; what it said is nowhere kept. */
export interface MessageSummary {
  readonly id: number;
  readonly template: string;
  readonly recipient: { readonly id: number | null; readonly displayName: string | null };
  readonly state: MessageState;
  /** Instants (ISO 8601, UTC). */
  readonly plannedFor: string;
  readonly useBy: string;
  /** When it was sent or stopped. */
  readonly endedAt: string | null;
  readonly attempts: number;
  readonly stopReason: string | null;
  readonly lastError: string | null;
  /** Left part of its Message-ID, by which the mail server's log has it. */
  readonly messageKey: string;
}

/** What messages may be narrowed to. */
export interface MessageFilter {
  readonly state?: MessageState | undefined;
  readonly template?: string | undefined;
}

/** How many messages of a template there are in each state. */
export type MessageCounts = Readonly<Partial<Record<MessageState, number>>>;

/** A mail in the demonstration's mailbox. */
export interface DemonstrationMailSummary {
  readonly id: number;
  readonly recipientAddress: string;
  readonly subject: string;
  readonly deliveredAt: Date;
}

const UNDELIVERED = `message.state in ('uncertain', 'dead')`;
const MAILS_SHOWN = 200;

/** SQL of a `MessageSummary`. */
const SUMMARY = `json_build_object(
  'id', message.id, 'template', message.template, 'state', message.state, 'attempts', message.attempts,
  'recipient', json_build_object('id', person.id, 'displayName', person.display_name),
  'plannedFor', ${utc('message.planned_for')}, 'useBy', ${utc('message.use_by')}, 'endedAt', ${utc('message.ended_at')},
  'stopReason', message.stop_reason, 'lastError', message.last_error, 'messageKey', message.message_key)`;
const JOINS = 'left join person on person.entra_id = message.recipient_entra_id';

/** Reads what became of messages. */
@Injectable()
export class MessagesQueries {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Which way messages go at this installation. */
  get way(): MailWay {
    return mailWay(this.config);
  }

  /** Messages by number, oldest first. */
  list(filter: MessageFilter, request: PageRequest): Promise<Page<MessageSummary>> {
    return this.#page(conditionsOf(filter), request);
  }

  /** Those that a person has to decide about. */
  undelivered(filter: MessageFilter, request: PageRequest): Promise<Page<MessageSummary>> {
    return this.#page(conditionsOf(filter).always(UNDELIVERED), request);
  }

  countUndelivered(filter: MessageFilter): Promise<Count> {
    return boundedCount(this.dataSource, 'message', conditionsOf(filter).always(UNDELIVERED));
  }

  /** @throws NotFoundError */
  async one(id: number): Promise<MessageSummary> {
    const [row] = await this.dataSource.query<{ item: MessageSummary }[]>(
      `select ${SUMMARY} as item from message ${JOINS} where message.id = $1`,
      [id],
    );
    if (row === undefined) throw new NotFoundError('There is no such message.');
    return row.item;
  }

  /** How many there are of each template, by state. */
  async counts(): Promise<ReadonlyMap<string, MessageCounts>> {
    const rows = await this.dataSource.query<{ template: string; counts: MessageCounts }[]>(
      `select template, json_object_agg(state, messages) as counts
       from (select template, state, count(*)::integer as messages from message group by 1, 2) as counted group by 1`,
    );
    return new Map(rows.map(({ template, counts }) => [template, counts]));
  }

  /** The last mails of the demonstration's mailbox. */
  mails(): Promise<DemonstrationMailSummary[]> {
    return this.dataSource.query<DemonstrationMailSummary[]>(
      `select id::integer, recipient_address as "recipientAddress", subject, delivered_at as "deliveredAt"
       from demonstration_mail order by id desc limit ${MAILS_SHOWN}`,
    );
  }

  /** @throws NotFoundError */
  async mail(id: number): Promise<DemonstrationMailSummary & { readonly text: string }> {
    const [mail] = await this.dataSource.query<(DemonstrationMailSummary & { text: string })[]>(
      `select id::integer, recipient_address as "recipientAddress", subject, delivered_at as "deliveredAt", text
       from demonstration_mail where id = $1`,
      [id],
    );
    if (mail === undefined) throw new NotFoundError('There is no such mail in the mailbox.');
    return mail;
  }

  #page(conditions: SqlConditions, request: PageRequest): Promise<Page<MessageSummary>> {
    return keysetPage<MessageSummary>(
      this.dataSource,
      { table: 'message', conditions, item: SUMMARY, joins: JOINS, sources: [] },
      { name: 'id', by: { expression: 'message.id', type: 'bigint' } },
      request,
    );
  }
}

function conditionsOf({ state, template }: MessageFilter): SqlConditions {
  return new SqlConditions()
    .addGiven(state, (value) => `message.state = ${value}`)
    .addGiven(template, (value) => `message.template = ${value}`);
}
