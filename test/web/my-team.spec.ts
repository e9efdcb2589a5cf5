import { MOVE_STATE_WORDS, type MoveState } from '../../src/rollout/domain/move-words.js';
import { MY_MOVE_WORDS } from '../../src/rollout/people/my-move-words.js';
import { startRollout, type RolloutFixture } from '../support/rollout-fixture.js';
import type { TestSession } from '../support/sign-in.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

describe('my move and my team', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let rollout: RolloutFixture;
  let head: TestSession;
  let leader: TestSession;
  let somebody: TestSession;
  let stranger: TestSession;
  beforeAll(async () => {
    database = await createTestDatabase();
    rollout = await startRollout(database.dataSource, { people: 8 });
    const [first, second] = rollout.people;
    // Number 2 leads 7 and 8, and reports to 1 like the others.
    for (const table of ['person', 'move']) {
      const column = table === 'person' ? 'entra_id' : 'person_entra_id';
      await rows(`update ${table} set manager_entra_id = $1 where ${column} = any($2::text[])`, [
        second,
        rollout.people.slice(6),
      ]);
    }
    web = await startTestWeb(database);
    head = await web.signIn({ person: first! });
    leader = await web.signIn({ person: second! });
    somebody = await web.signIn({ person: rollout.people[2]! });
    stranger = await web.signIn(null);
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> =>
    database.dataSource.query<T[]>(sql, parameters);
  async function html(address: string, session: TestSession): Promise<string> {
    return (await fetch(web.url + address, { headers: session.headers })).text();
  }
  const peopleOn = (page: string): string[] =>
    [...page.matchAll(/<h3[^>]*><bdi>(Person \d+)<\/bdi>/g)].map(([, name]) => name ?? '').sort();
  const put = (number: number, state: MoveState): Promise<unknown> =>
    rows('update move set state = $2 where id = $1', [rollout.moves[number - 1], state]);

  it('says in plain words where somebody stands, in every state', async () => {
    const id = rollout.moves[2];
    for (const [state, { now, next }] of Object.entries(MY_MOVE_WORDS)) {
      await put(3, state as MoveState);
      const page = (await html('/my-move', somebody)).replaceAll('&#39;', "'");
      for (const words of [MOVE_STATE_WORDS[state as MoveState], now, next]) expect(page).toContain(words);
      const canBook = state === 'ready' || state === 'scheduled';
      expect([state, page.includes(`href="/moves/${id}/book"`)]).toEqual([state, canBook]);
    }
    await put(3, 'not_started');
    const open = await html('/my-move', somebody);
    expect(open).toContain(`href="/moves/${id}/answers"`);
    // The word of the manager is not asked of the person.
    expect(open).not.toContain('May this person move?');
  });

  it('says so to whoever has no move and leads nobody', async () => {
    expect(await html('/my-move', stranger)).toContain('You do not take part in a rollout');
    const team = await html('/my-team', stranger);
    expect(team).toContain('Nobody who reports to you takes part in the rollout.');
    expect(peopleOn(team)).toEqual([]);
    expect(await html('/my-team?who=all', stranger)).toContain('Nobody below you in the directory takes part');
    expect(await html('/my-move', stranger)).not.toContain('href="/my-team"');
    expect(await html('/my-move', leader)).toContain('href="/my-team"');
  });

  it('shows a manager their own line only, at the level that they ask for', async () => {
    expect(peopleOn(await html('/my-team', leader))).toEqual(['Person 7', 'Person 8']);
    expect(peopleOn(await html('/my-team?who=all', leader))).toEqual(['Person 7', 'Person 8']);
    expect(peopleOn(await html('/my-team', head))).toEqual([2, 3, 4, 5, 6].map((number) => `Person ${number}`));
    expect(peopleOn(await html('/my-team?who=all', head))).toHaveLength(7);
    expect(peopleOn(await html('/my-team', somebody))).toEqual([]);
    const opens = async (number: number, session: TestSession): Promise<number> =>
      (await fetch(`${web.url}/moves/${rollout.moves[number - 1]}`, { headers: session.headers })).status;
    expect(await Promise.all([7, 2, 3].map((number) => opens(number, leader)))).toEqual([200, 200, 403]);
    expect(await Promise.all([3, 7].map((number) => opens(number, somebody)))).toEqual([200, 403]);
  });

  it('counts who stands where, narrows to it, and says what the manager is to do', async () => {
    await put(7, 'ready');
    const all = await html('/my-team', leader);
    expect(all).toContain(`href="/moves/${rollout.moves[6]}/book"`);
    expect(all).toContain('7 questions are open');
    expect(peopleOn(await html('/my-team?state=ready', leader))).toEqual(['Person 7']);
    expect(peopleOn(await html('/my-team?state=closed', leader))).toEqual([]);
    expect((await fetch(`${web.url}/my-team?state=lost`, { headers: leader.headers })).status).toBe(400);
  });
});
