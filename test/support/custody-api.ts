import type { Role } from '../../src/auth/permissions.js';
import { ROLES } from '../../src/auth/permissions.js';
import { insertMachines, insertPeople } from './custody-fixture.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';
import { startTestWeb, type TestWeb } from './web.js';

/** The first bytes of a PNG file. */
export const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);

/** Who calls the API, and how. */
export interface CallOptions {
  readonly role?: Role | null;
  readonly token?: string;
  readonly headers?: Record<string, string>;
  readonly method?: string;
}

/** The API of custody over a database of its own, with 40 people of whom the seventh has left. */
export class CustodyApi {
  private constructor(
    readonly database: TestDatabase,
    readonly web: TestWeb,
    readonly tokens: ReadonlyMap<Role | null, string>,
  ) {}

  static async start(): Promise<CustodyApi> {
    const database = await createTestDatabase({ connections: 8 });
    await insertPeople(database.dataSource, 40, [7]);
    const web = await startTestWeb(database);
    const tokens = new Map<Role | null, string>();
    for (const role of [...ROLES, null]) tokens.set(role, await web.tokenFor(role));
    return new CustodyApi(database, web, tokens);
  }

  async stop(): Promise<void> {
    await this.web.close();
    await this.database.drop();
  }

  /** A new machine without custody. */
  async machine(): Promise<number> {
    const prefix = `S${Math.random().toString(36).slice(2, 8)}`;
    return (await insertMachines(this.database.dataSource, 1, prefix))[0] ?? 0;
  }

  call(address: string, body?: unknown, options: CallOptions = {}): Promise<Response> {
    const { role = 'stock-holder', token = this.tokens.get(role) ?? '', headers = {} } = options;
    return fetch(`${this.web.url}/api/v1/${address}`, {
      method: options.method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body) }),
    });
  }

  /** @param options `version` goes into `If-Match`; null sends none. */
  command(
    id: number,
    word: string,
    body: unknown,
    options: CallOptions & { version?: string | null } = {},
  ): Promise<Response> {
    const { version = '0', headers, ...rest } = options;
    return this.call(`devices/${id}/custody/${word}`, body, {
      ...rest,
      headers: {
        ...(version === null
          ? {}
          : { 'if-match': version.startsWith('"') || /\W/.test(version) ? version : `"${version}"` }),
        ...headers,
      },
    });
  }
}

export async function statusOf(answer: Promise<Response>): Promise<number> {
  return (await answer).status;
}
