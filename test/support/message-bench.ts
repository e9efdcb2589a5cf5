import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { ConfigModule } from '../../src/config/config.module.js';
import { loadConfig } from '../../src/config/config.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { JobsModule } from '../../src/jobs/jobs.module.js';
import { DispatchService } from '../../src/notifications/dispatch.service.js';
import {
  MessageTemplates,
  type MessageContent,
  type StoppedMessage,
} from '../../src/notifications/message-templates.js';
import { NotificationsModule } from '../../src/notifications/notifications.module.js';
import { enqueueMessages, type NewMessage } from '../../src/notifications/outbox.service.js';
import type { DispatchPoint } from '../../src/notifications/post.js';
import { Test } from '@nestjs/testing';
import { createTestDatabase, type TestDatabase } from './test-database.js';

const CHILD = path.join(import.meta.dirname, '..', 'notifications', 'dispatch-child.mjs');
const DAY = 86_400_000;
const TENANT = {
  GRAPH_TENANT_ID: '11111111-2222-4333-8444-555555555555',
  GRAPH_CLIENT_ID: '66666666-7777-4888-9999-000000000000',
  GRAPH_CLIENT_SECRET: 'kept-to-itself',
  PUBLIC_URL: 'https://untether.example',
};

/** The settings of a real tenant with this mail server; none when the port is null. */
export function mailEnvironment(port: number | null, more: Record<string, string> = {}): Record<string, string> {
  const mail = { SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: 'Untether <untether@council.example>' };
  return { ...TENANT, ...(port === null ? {} : mail), ...more };
}

export const TEST_CONTENT: MessageContent = {
  subject: 'Test',
  greeting: 'Hello,',
  paragraphs: ['This is a test.'],
  link: { text: 'Look', path: '/my-move' },
};

/** A database with people and an outbox, and a dispatcher with one template called `test`. */
export interface MessageBench {
  readonly database: TestDatabase;
  readonly dispatch: DispatchService;
  /** What the template says, until a spec says otherwise. */
  compose: () => MessageContent | StoppedMessage;
  query<Row>(statement: string, parameters?: unknown[]): Promise<Row[]>;
  /** Adds people who can be written to, and gives their object ids. */
  people(count: number): Promise<string[]>;
  enqueue(messages: readonly (Pick<NewMessage, 'event' | 'recipient'> & Partial<NewMessage>)[]): Promise<number>;
  /** Makes every lease run out at once. */
  endLeases(): Promise<void>;
  /** Makes what waits for its next try due at once. */
  endPauses(): Promise<void>;
  /** Another dispatcher over the same database. */
  another(environment: Record<string, string>): Promise<{ dispatch: DispatchService; close: () => Promise<void> }>;
  close(): Promise<void>;
}

export async function createMessageBench(environment: Record<string, string>): Promise<MessageBench> {
  const database = await createTestDatabase();
  const { dataSource } = database;
  let added = 0;
  const closers: (() => Promise<void>)[] = [];
  const start = async (
    settings: Record<string, string>,
  ): Promise<{ dispatch: DispatchService; close: () => Promise<void> }> => {
    const module = await Test.createTestingModule({
      imports: [
        ConfigModule.forRoot(loadConfig(settings)),
        DatabaseModule.forRoot(database.address, { connections: 5, statementTimeout: 0 }),
        JobsModule.forRoot(database.address),
        NotificationsModule,
      ],
    }).compile();
    module.useLogger(false);
    module.get(MessageTemplates).register({
      name: 'test',
      label: 'Test',
      stopWords: {},
      compose: () => Promise.resolve(bench.compose()),
    });
    return { dispatch: module.get(DispatchService), close: () => module.close() };
  };
  const bench: MessageBench = {
    database,
    dispatch: undefined as unknown as DispatchService,
    compose: () => TEST_CONTENT,
    query: (statement, parameters) => dataSource.query(statement, parameters),
    people: async (count) => {
      const rows = await dataSource.query<{ entra_id: string }[]>(
        `with added as (
           insert into person (entra_id, display_name, mail, account_enabled)
           select 'person-' || n, 'Person ' || n, 'person' || n || '@council.example', true
           from generate_series($1::int, $2::int) as n returning entra_id)
         select entra_id from added`,
        [added + 1, (added += count)],
      );
      return rows.map(({ entra_id }) => entra_id);
    },
    enqueue: (messages) =>
      dataSource.transaction((tx) =>
        enqueueMessages(
          tx,
          messages.map((message) => ({
            ...{ template: 'test', reference: {}, useBy: new Date(Date.now() + DAY) },
            ...message,
          })),
        ),
      ),
    endLeases: async () => {
      await dataSource.query(`update message set lease_until = now() where lease_until is not null`);
    },
    endPauses: async () => {
      await dataSource.query(`update message set next_try_at = now() where state = 'waiting'`);
    },
    another: async (settings) => {
      const started = await start(settings);
      closers.push(started.close);
      return started;
    },
    close: async () => {
      for (const close of closers) await close();
      await database.drop();
    },
  };
  const own = await bench.another(environment);
  return Object.assign(bench, { dispatch: own.dispatch });
}

/** Starts a process that sends what is due, and that kills itself at a point unless that is null. */
export function startDispatch(
  bench: MessageBench,
  environment: Record<string, string>,
  point: DispatchPoint | null,
  visit = 1,
): { kill(): void; done: Promise<{ signal: string | null; output: string }> } {
  const argument = JSON.stringify({ url: bench.database.url, environment, point, visit });
  const child = spawn(process.execPath, [CHILD, argument], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '' },
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  const done = once(child, 'close').then(() => ({ signal: child.signalCode, output }));
  return { kill: () => child.kill('SIGKILL'), done };
}
