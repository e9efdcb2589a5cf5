import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Transactor } from '../../src/database/transactor.js';
import { IdentityService } from '../../src/devices/identity.service.js';
import type { DecisionOutcome } from '../../src/devices/review.service.js';
import { answerSchema, schemaViolations } from '../support/answer-schema.js';
import { deviceOf, say } from '../support/identity-fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

const SNAPSHOT = path.join(import.meta.dirname, '..', 'snapshots', 'openapi.json');

/** What a refusal says. */
export interface Problem {
  readonly detail: string;
  readonly errors: readonly { readonly field: string; readonly message: string }[];
}

/** The API over a database of identities; addresses begin behind `/api/v1/`. */
export class IdentityWeb {
  readonly document = JSON.parse(readFileSync(SNAPSHOT, 'utf8')) as OpenAPIObject;
  readonly identity: IdentityService;

  private constructor(
    readonly database: TestDatabase,
    readonly web: TestWeb,
  ) {
    this.identity = new IdentityService(new Transactor(database.dataSource));
  }

  static async start(): Promise<IdentityWeb> {
    const database = await createTestDatabase();
    return new IdentityWeb(database, await startTestWeb(database));
  }

  async stop(): Promise<void> {
    await this.web.close();
    await this.database.drop();
  }

  async get<T>(address: string, status = 200): Promise<T> {
    const answer = await fetch(`${this.web.url}/api/v1/${address}`);
    expect([address, answer.status]).toEqual([address, status]);
    return (await answer.json()) as T;
  }

  /** What an address says, checked against the API's description of its route. */
  async read<T>(route: string, address = route): Promise<T> {
    const answer = await this.get<T>(address);
    const violations = schemaViolations(answer, answerSchema(this.document, `/api/v1/${route}`));
    expect([address, violations]).toEqual([address, []]);
    return answer;
  }

  send(address: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.web.url}/api/v1/${address}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  async post<T = DecisionOutcome>(address: string, body: unknown, status = 200): Promise<T> {
    const answer = await this.send(address, body);
    expect([address, body, answer.status]).toEqual([address, body, status]);
    const type = status === 200 ? /^application\/json/ : /^application\/problem/;
    expect(answer.headers.get('content-type')).toMatch(type);
    return (await answer.json()) as T;
  }

  /** Two enrolments alive together with one serial number, each with its Entra device: one open review. */
  async twins(): Promise<{ review: number; devices: [number, number] }> {
    const { dataSource } = this.database;
    for (const number of [1, 2]) {
      const facts = { entra_device_id: `d${number}`, name: `PC-${number}` };
      await say(dataSource, 'managed-devices', `m${number}`, { ...facts, serial_number: '5CG7ABC' });
      await say(dataSource, 'entra-devices', `e${number}`, facts);
    }
    await this.identity.resolvePending();
    const [review] = await dataSource.query<{ id: number }[]>('select id from device_review');
    return { review: review?.id ?? 0, devices: [await deviceOf(dataSource, 'm1'), await deviceOf(dataSource, 'm2')] };
  }
}
