import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { OwnObject } from '../../src/auth/access.decorator.js';
import { PERMISSIONS_OF, ROLES, type Permission, type Role } from '../../src/auth/permissions.js';
import { tableOf, type RoutePolicy } from '../../src/auth/route-policies.js';
import { surfaceOf } from '../../src/auth/surface.js';
import { entraIdOf, insertEstate } from '../support/estate-rows.js';
import { anonymously } from '../support/signed-in-fetch.js';
import type { TestSession } from '../support/sign-in.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

const SNAPSHOT = path.join(import.meta.dirname, '..', 'snapshots', 'routes.txt');

/** Requests under way together. */
const AT_ONCE = 8;

/** What a form without its session's token is told. */
const FORM_OF_ANOTHER = 'This form belongs to another sign-in';

/** What a caller is told before anything else is looked at. */
type Verdict = 'let in' | 'sign in first' | 'refused';

/** Somebody who sends requests, and how each is to be answered. */
interface Sender {
  readonly name: string;
  readonly headers: Record<string, string>;
  readonly permissions: ReadonlySet<Permission>;
  /** Whether the sender is a person of the directory. */
  readonly isPerson: boolean;
  /** Verdict on every route that is not open to all, whatever it asks for. */
  readonly always?: (surface: 'page' | 'api') => Verdict;
  /** Tokens are for the API. */
  readonly surface?: 'api';
}

describe('the access matrix', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let routes: readonly RoutePolicy[];
  const senders: Sender[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    await insertEstate(database.dataSource, { people: 40, devices: 60 });
    web = await startTestWeb(database);
    routes = web.routes;
    const holding = (roles: readonly Role[]): ReadonlySet<Permission> =>
      new Set([...PERMISSIONS_OF.staff, ...roles.flatMap((role) => PERMISSIONS_OF[role])]);
    const nothing: ReadonlySet<Permission> = new Set();

    for (const role of ROLES) {
      const { headers } = await web.signIn(role);
      senders.push({ name: role, headers: { ...headers }, permissions: holding([role]), isPerson: true });
      const authorization = `Bearer ${await web.tokenFor(role)}`;
      const token = { permissions: holding([role]), isPerson: true, surface: 'api' as const };
      senders.push({ name: `token of ${role}`, headers: { authorization }, ...token });
    }
    const staff = await web.signIn(null);
    const narrow = await web.tokenFor('service-desk', ['sync:read']);
    const beyond = await web.tokenFor('engineer', ['estate:read', 'audit:read', 'sync:administer']);
    const disabled = await web.signIn({ role: 'administrator', standing: 'disabled' });
    const missing = await web.signIn({ role: 'administrator', standing: 'missing' });
    const stranger = await web.signIn({ role: 'administrator', standing: 'unknown' });
    const tokenOfDisabled = await web.tokenFor({ role: 'administrator', standing: 'disabled' });
    const tokenOfStranger = await web.tokenFor({ role: 'administrator', standing: 'unknown' });
    const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
    const dead = (surface: 'page' | 'api'): Verdict => (surface === 'api' ? 'sign in first' : 'refused');
    senders.push(
      { name: 'nobody', headers: {}, permissions: nothing, isPerson: false, always: () => 'sign in first' },
      { name: 'role-less', headers: { ...staff.headers }, permissions: holding([]), isPerson: true },
      { name: 'disabled', headers: { ...disabled.headers }, permissions: nothing, isPerson: true, always: dead },
      { name: 'missing', headers: { ...missing.headers }, permissions: nothing, isPerson: true, always: dead },
      {
        name: 'stranger to the directory',
        headers: { ...stranger.headers },
        permissions: nothing,
        isPerson: false,
        always: () => 'refused',
      },
      {
        name: 'token with a narrower scope',
        headers: bearer(narrow),
        permissions: new Set(['sync:read']),
        isPerson: false,
        surface: 'api',
      },
      {
        name: 'token with scopes beyond its person',
        headers: bearer(beyond),
        permissions: new Set(['estate:read']),
        isPerson: false,
        surface: 'api',
      },
      {
        name: 'token of somebody disabled',
        headers: bearer(tokenOfDisabled),
        permissions: nothing,
        isPerson: false,
        always: () => 'sign in first',
        surface: 'api',
      },
      {
        name: 'token of a stranger',
        headers: bearer(tokenOfStranger),
        permissions: nothing,
        isPerson: false,
        always: () => 'refused',
        surface: 'api',
      },
    );
  });
  afterAll(async () => {
    await web.close();
    await database.drop();
  });

  const addressOf = ({ path: pattern }: RoutePolicy, id: number | string = 1): string =>
    pattern.replace(/:(\w+)/g, (_all, name: string) => (name === 'id' ? String(id) : 'x'));

  const ask = async (route: RoutePolicy, headers: Record<string, string>, id?: number | string): Promise<Verdict> => {
    const writes = route.method !== 'GET';
    const isForm = writes && surfaceOf(route.path) === 'page';
    // One page takes bytes of its script; a form is refused there before anybody is asked who they are.
    const ofPages = route.path.endsWith('/up') ? 'text/plain' : 'application/x-www-form-urlencoded';
    const type = isForm ? ofPages : 'application/json';
    const answer = await anonymously(web.url + addressOf(route, id), {
      method: route.method,
      redirect: 'manual',
      headers: { ...headers, ...(writes ? { 'content-type': type } : {}) },
      ...(writes ? { body: isForm ? 'nothing=1' : '{"nothing that any route takes":1}' } : {}),
    });
    // Progress is told for as long as somebody listens.
    if (answer.status !== 403) await answer.body?.cancel();
    // Whose form it is, is asked of those who were let in.
    else if (isForm && (await answer.text()).includes(FORM_OF_ANOTHER)) return 'let in';
    const toSignIn = answer.status === 303 && (answer.headers.get('location') ?? '').startsWith('/sign-in');
    if (answer.status === 401 || toSignIn) return 'sign in first';
    return answer.status === 403 ? 'refused' : 'let in';
  };

  const expected = ({ policy, path: pattern }: RoutePolicy, sender: Sender): Verdict => {
    if (policy === null) return 'refused';
    if (policy.kind === 'open') return 'let in';
    const surface = surfaceOf(pattern);
    if (sender.surface === 'api' && surface === 'page') return 'sign in first';
    if (sender.always) return sender.always(surface);
    if (policy.kind === 'permission') return sender.permissions.has(policy.permission) ? 'let in' : 'refused';
    return sender.isPerson && sender.permissions.has('own:read') ? 'let in' : 'refused';
  };

  it('V-12, V-17: every route says who may call it, and the table of them is as it was agreed', () => {
    expect(routes.filter(({ policy }) => policy === null)).toEqual([]);
    const table = tableOf(routes);
    if (process.env['UPDATE_SNAPSHOTS'] === '1') writeFileSync(SNAPSHOT, table);
    expect(table).toBe(readFileSync(SNAPSHOT, 'utf8'));
  });

  it('V-13, V-17, V-19, V-20, V-22: every sender gets exactly the declared answer of every route', async () => {
    const wrong: string[] = [];
    const check = async (sender: Sender, route: RoutePolicy): Promise<void> => {
      const verdict = await ask(route, sender.headers);
      const right = expected(route, sender);
      if (verdict !== right) {
        wrong.push(`${sender.name}: ${route.method} ${route.path} is "${verdict}", not "${right}"`);
      }
    };
    for (const sender of senders) {
      for (let first = 0; first < routes.length; first += AT_ONCE) {
        await Promise.all(routes.slice(first, first + AT_ONCE).map((route) => check(sender, route)));
      }
    }
    expect(wrong).toEqual([]);
  }, 600_000);

  it('V-76: HEAD, slashes, other letters and encodings open nothing', async () => {
    const nobody = async (method: string, address: string): Promise<number> =>
      (await anonymously(web.url + address, { method, redirect: 'manual' })).status;
    for (const route of routes.filter(({ method, policy }) => method === 'GET' && policy?.kind !== 'open')) {
      const address = addressOf(route);
      const isPage = surfaceOf(address) === 'page';
      expect([address, await nobody('HEAD', address)]).toEqual([address, isPage ? 303 : 401]);
      for (const variant of [`${address}/`, `/${address}`, address.replace(/\/(\w)/, '//$1'), address.toUpperCase()]) {
        if (variant === address) continue;
        const status = await nobody('GET', variant);
        expect([variant, [303, 401, 404].includes(status)]).toEqual([variant, true]);
      }
      const encoded = address.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
      expect([encoded, [303, 401, 404].includes(await nobody('GET', encoded))]).toEqual([encoded, true]);
    }
  }, 120_000);

  describe("one's own", () => {
    let keeper: TestSession;
    let manager: TestSession;
    let own: Record<OwnObject, number>;
    let anothers: Record<OwnObject, number>;

    beforeAll(async () => {
      // 21 reports to 2, and so on; 30 is nobody's report here.
      keeper = await web.signIn({ role: null, person: entraIdOf(21) });
      manager = await web.signIn({ role: null, person: entraIdOf(2) });
      const idOf = async (sql: string, entraId: string): Promise<number> =>
        (await database.dataSource.query<{ id: number }[]>(sql, [entraId]))[0]?.id ?? 0;
      const person = 'select id from person where entra_id = $1';
      const device = 'select id from device where user_entra_id = $1 order by id limit 1';
      await database.dataSource.query('update device set user_entra_id = $1 where id = 11', [entraIdOf(21)]);
      await database.dataSource.query('update device set user_entra_id = $1 where id = 12', [entraIdOf(31)]);
      await database.dataSource.query(
        `with programme as (insert into rollout_programme (name, starts_on, target_on, scope, created_by)
           values ('Rollout', '2026-03-01', '2027-03-01', '{}', 'system:test') returning id)
         insert into move (programme_id, person_entra_id) select programme.id, unnest($1::text[]) from programme`,
        [[entraIdOf(21), entraIdOf(31)]],
      );
      const move = 'select id from move where person_entra_id = $1';
      own = {
        person: await idOf(person, entraIdOf(21)),
        device: await idOf(device, entraIdOf(21)),
        move: await idOf(move, entraIdOf(21)),
      };
      anothers = {
        person: await idOf(person, entraIdOf(31)),
        device: await idOf(device, entraIdOf(31)),
        move: await idOf(move, entraIdOf(31)),
      };
    });

    it('V-14, V-19: is open to whom it concerns and to their line manager, by every route, and to nobody else', async () => {
      const opened = routes.filter(({ policy }) => policy?.kind === 'permission' && policy.own !== null);
      expect(opened.length).toBeGreaterThan(0);
      const token = { authorization: `Bearer ${await web.tokenFor({ person: entraIdOf(21) })}` };
      const service = await web.tokenFor('engineer', ['sync:read']);
      for (const route of opened) {
        const kind = route.policy?.kind === 'permission' ? (route.policy.own ?? 'person') : 'person';
        const isApi = surfaceOf(route.path) === 'api';
        const answers = [
          await ask(route, { ...keeper.headers }, own[kind]),
          await ask(route, { ...manager.headers }, own[kind]),
          await ask(route, { ...keeper.headers }, anothers[kind]),
          await ask(route, { ...manager.headers }, anothers[kind]),
          await ask(route, { ...keeper.headers }, 2_000_000_000),
          await ask(route, { ...keeper.headers }, 'x'),
          isApi ? await ask(route, token, own[kind]) : 'let in',
          isApi ? await ask(route, token, anothers[kind]) : 'refused',
          isApi ? await ask(route, { authorization: `Bearer ${service}` }, own[kind]) : 'refused',
        ];
        expect([route.path, answers]).toEqual([
          route.path,
          ['let in', 'let in', 'refused', 'refused', 'refused', 'refused', 'let in', 'refused', 'refused'],
        ]);
      }
    });

    it('moves with custody: what was handed to somebody else is theirs at once', async () => {
      await database.dataSource.query(
        `insert into device_custody (device_id, recorded_for, state, holder_entra_id) values (11, 11, 'in_use', $1)`,
        [entraIdOf(31)],
      );
      const route = routes.find(({ path: pattern }) => pattern === '/api/v1/devices/:id');
      if (!route) throw new Error('There is no route of one device.');
      expect(await ask(route, { ...keeper.headers }, 11)).toBe('refused');
      await database.dataSource.query('delete from device_custody where device_id = 11');
      expect(await ask(route, { ...keeper.headers }, 11)).toBe('let in');
    });
  });

  it('V-01, V-11: attempts to change something are kept, and nothing is changed', async () => {
    const { headers, entraId } = await web.signIn('reviewer');
    const before = await database.dataSource.query<unknown[]>('select count(*) from api_token');
    const answer = await anonymously(`${web.url}/api/v1/tokens?asAdmin=1`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Mine', service: 'mine', scopes: ['audit:read'], days: 1, isAdmin: true }),
    });
    expect(answer.status).toBe(403);
    expect(await database.dataSource.query('select count(*) from api_token')).toEqual(before);
    const kept = await database.dataSource.query<{ details: object }[]>(
      `select details from audit_event where event = 'access.refused' and actor = $1`,
      [`person:${entraId}`],
    );
    expect(kept).toMatchObject([{ details: { permission: 'tokens-administer', object: null } }]);
  });
});
