import { MoveDerivationService } from '../../src/rollout/move-derivation.service.js';
import { startRollout, type RolloutFixture } from '../support/rollout-fixture.js';
import { sendForm, type FormAnswer } from '../support/send-form.js';
import type { TestSession } from '../support/sign-in.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

const IN_A_YEAR = { 'until-day': '1', 'until-month': '3', 'until-year': String(new Date().getUTCFullYear() + 1) };

describe('what people say about moves', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let rollout: RolloutFixture;
  let manager: TestSession;
  let head: TestSession;
  let somebody: TestSession;
  let reviewer: TestSession;
  beforeAll(async () => {
    database = await createTestDatabase();
    rollout = await startRollout(database.dataSource, { people: 12 });
    web = await startTestWeb(database);
    manager = await web.signIn('rollout-manager');
    // Number 1 leads everybody else.
    head = await web.signIn({ person: rollout.people[0]! });
    somebody = await web.signIn({ person: rollout.people[1]! });
    reviewer = await web.signIn('reviewer');
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> =>
    database.dataSource.query<T[]>(sql, parameters);
  const page = async (address: string, session = manager): Promise<{ status: number; html: string }> => {
    const answer = await fetch(web.url + address, { headers: session.headers, redirect: 'manual' });
    return { status: answer.status, html: await answer.text() };
  };
  const stateOf = async (move: number): Promise<string> =>
    (await rows<{ state: string }>('select state from move where id = $1', [move]))[0]?.state ?? '';
  const say = (
    number: number,
    statement: string,
    fields: Record<string, string> = {},
    session = manager,
  ): Promise<FormAnswer> => sendForm(web.url, session, `/moves/${rollout.moves[number - 1]}/${statement}`, fields);
  const move = (number: number): number => rollout.moves[number - 1]!;

  it('is said through a form of its own, and the state follows', async () => {
    const steps: [string, Record<string, string>, string][] = [
      ['confirm-work-style', { workStyle: 'home' }, 'not_started'],
      ['defer', { deferral: 'sickness', ...IN_A_YEAR }, 'deferred'],
      ['end-deferral', {}, 'not_started'],
      ['exempt', { reason: 'Works on a plotter', 'until-day': '', 'until-month': '', 'until-year': '' }, 'exempt'],
      ['end-exemption', {}, 'not_started'],
      ['state-no-desktop', { reason: 'It was a thin client' }, 'not_started'],
    ];
    for (const [statement, fields, state] of steps) {
      expect(await say(3, statement, fields)).toMatchObject({ status: 303, location: `/moves/${move(3)}` });
      expect([statement, await stateOf(move(3))]).toEqual([statement, state]);
    }
    const { html } = await page(`/moves/${move(3)}`);
    expect(html).toContain('Work style confirmed: At home');
    expect(html).toContain('Exempted: Works on a plotter');
  });

  it('rolls a move back and reopens one that was done', async () => {
    const id = move(4);
    await rows(
      `insert into move_fact (programme_id, move_id, device_id, kind, at, details, key, actor)
       values ($1, $2, $3, 'laptop-assigned', now(), '{"by": "statement"}', 'test:laptop', 'system:test'),
              ($1, null, $4, 'desktop-recovered', now(), '{}', 'test:recovered', 'system:test'),
              ($1, null, $4, 'desktop-wiped', now(), '{"evidence": "C-1"}', 'test:wiped', 'system:test')`,
      [rollout.programmeId, id, rollout.laptops[0], rollout.desktops[3]],
    );
    await database.dataSource.transaction((tx) =>
      new MoveDerivationService().derive(tx, rollout.programmeId, [id], new Date()),
    );
    expect(await say(4, 'confirm-receipt')).toMatchObject({ status: 303 });
    expect(await stateOf(id)).toBe('closed');
    expect(await say(4, 'reopen', { reason: 'The dock is still there' })).toMatchObject({ status: 303 });
    expect(await stateOf(id)).toBe('desktop_recovered');
    expect(await say(4, 'roll-back', { reason: 'The application does not work' })).toMatchObject({ status: 303 });
    const [rolled] = await rows<{ key: string }>(
      `select key from move_fact where move_id = $1 and kind = 'rolled-back'`,
      [id],
    );
    expect((await page(`/moves/${id}/retract`)).html).toContain(`value="${rolled?.key}"`);
    expect(await say(4, 'retract', { key: rolled!.key, reason: 'Mistaken for another' })).toMatchObject({
      status: 303,
    });
    expect((await page(`/moves/${id}`)).html).toContain('(turned out to be wrong)');
  });

  it('names a shared desktop and leaves it to others', async () => {
    const desktop = rollout.desktops[4];
    expect(await say(6, 'state-desktop', { machine: 'no such' })).toMatchObject({ status: 422 });
    expect(await say(6, 'state-desktop', { machine: `#${rollout.laptops[1]}` })).toMatchObject({ status: 422 });
    expect(await say(6, 'state-desktop', { machine: `#${desktop}` })).toMatchObject({ status: 303 });
    expect((await page(`/moves/${move(6)}`)).html).toContain('2 people use it');
    const left = { desktop: String(desktop), reason: 'The front desk keeps it' };
    expect(await say(6, 'release-desktop', left)).toMatchObject({ status: 303 });
  });

  it('says what is missing, beside the field, and keeps what was typed', async () => {
    const nothing = await say(7, 'exempt', {
      reason: '   ',
      'until-day': '30',
      'until-month': '2',
      'until-year': '2030',
    });
    expect(nothing.status).toBe(422);
    expect(nothing.html).toContain('href="#reason"');
    expect(nothing.html).toContain('Enter a day that exists');
    expect(nothing.html).toContain('value="30"');
    const past = { deferral: 'other', 'until-day': '1', 'until-month': '1', 'until-year': '2020' };
    expect(await say(7, 'defer', past)).toMatchObject({ status: 422 });
    expect(await stateOf(move(7))).toBe('not_started');
  });

  it('is asked for again when something became known meanwhile', async () => {
    const address = `/moves/${move(7)}/exempt`;
    const fields = { reason: 'Plotter', 'until-day': '', 'until-month': '', 'until-year': '' };
    const old = await sendForm(web.url, manager, address, { ...fields, version: '0' });
    expect(old.status).toBe(409);
    expect(old.html).toContain('became known of this move meanwhile');
    expect(old.html).toContain('Plotter');
    expect(await say(7, 'exempt', fields)).toMatchObject({ status: 303 });
  });

  it('is said once, however often the button is pressed', async () => {
    const address = `/moves/${move(8)}/defer`;
    const answer = await sendForm(web.url, manager, address, { deferral: 'other', ...IN_A_YEAR }, { again: 3 });
    expect(answer.status).toBe(303);
    expect(await rows(`select 1 from move_fact where move_id = $1 and kind = 'deferred'`, [move(8)])).toHaveLength(1);
  });

  it('is only offered to, and taken from, whoever may say it', async () => {
    const id = move(2);
    const links = async (session: TestSession): Promise<string[]> =>
      [...(await page(`/moves/${id}`, session)).html.matchAll(/href="\/moves\/\d+\/([a-z-]+)"/g)]
        .map(([, word]) => word ?? '')
        .sort();
    expect(await links(manager)).toEqual(
      expect.arrayContaining(['answers', 'confirm-work-style', 'exempt', 'retract']),
    );
    expect(await links(head)).toEqual([
      'answers',
      'confirm-work-style',
      'defer',
      'release-desktop',
      'state-desktop',
      'state-no-desktop',
    ]);
    expect(await links(somebody)).toEqual(['answers']);
    expect(await links(reviewer)).toEqual(['waivers']);

    expect((await page(`/moves/${move(3)}/defer`, somebody)).status).toBe(403);
    const refused = await page(`/moves/${id}/defer`, somebody);
    expect(refused.html).toContain('it is not for you to say');
    const forged = { deferral: 'other', ...IN_A_YEAR, version: '1' };
    for (const session of [somebody, reviewer]) {
      const sent = await sendForm(web.url, session, `/moves/${id}`, forged, {
        action: `/moves/${id}/defer`,
        token: 'of another form',
      }).catch(() => ({ status: 403 }));
      expect(sent.status).toBe(403);
    }
    expect(await stateOf(id)).toBe('not_started');
    expect(await say(2, 'confirm-work-style', { workStyle: 'field' }, head)).toMatchObject({ status: 303 });
    // Nobody decides about their own move, and nobody reaches a line that is not theirs.
    expect((await page(`/moves/${move(1)}/defer`, head)).html).toContain('it is not for you to say');
    const stranger = await web.signIn('rollout-manager');
    expect((await page(`/moves/${move(1)}/exempt`, stranger)).status).toBe(200);
    expect((await page(`/moves/${id}/juggle`)).status).toBe(404);
    expect((await page('/moves/2000000000/defer')).status).toBe(404);
  });

  describe('as answers', () => {
    const answers = (number: number): string => `/moves/${move(number)}/answers`;
    const ALL = {
      devices: 'confirmed',
      'usual-sites': 'listed',
      sites: 'Library',
      applications: 'none',
      'assistive-technology': 'wanted',
      need: 'A screen reader',
      'local-data': 'none',
      training: 'not-needed',
    };

    it('come together, lead back, and count for the assessment', async () => {
      const { html } = await page(answers(2), somebody);
      expect(html).toContain('Do you need training?');
      expect(html).not.toContain('May this person move?');
      expect(await sendForm(web.url, somebody, answers(2), ALL)).toMatchObject({ status: 303, location: '/my-move' });
      const stored = await rows<{ question: string }>(
        'select question, details from move_answer where move_id = $1 order by question',
        [move(2)],
      );
      expect(stored.map(({ question }) => question)).toEqual([
        'applications',
        'assistive-technology',
        'devices',
        'local-data',
        'training',
        'usual-sites',
      ]);
      expect(await stateOf(move(2))).not.toBe('not_started');
      const again = await sendForm(web.url, somebody, answers(2), ALL);
      expect(again).toMatchObject({ status: 303, location: '/my-move' });
      expect(await rows('select 1 from move_answer where move_id = $1', [move(2)])).toHaveLength(6);
    });

    it('keep private what somebody needs', async () => {
      expect((await page(answers(2), somebody)).html).toContain('A screen reader');
      expect((await page(answers(2), manager)).html).toContain('A screen reader');
      for (const session of [head, reviewer])
        expect((await page(answers(2), session)).html).not.toContain('A screen reader');
      const record = await fetch(`${web.url}/api/v1/moves/${move(2)}`, {
        headers: { authorization: `Bearer ${await web.tokenFor('reviewer')}` },
      });
      expect(await record.text()).not.toContain('screen reader');
      const theirs = { ...ALL, 'assistive-technology': 'ordered', need: '', 'manager-word': 'yes' };
      expect(await sendForm(web.url, head, answers(2), theirs)).toMatchObject({ status: 303, location: '/my-team' });
      expect((await page(answers(2), somebody)).html).toContain('A screen reader');
      expect((await page(answers(2), head)).html).not.toContain('A screen reader');
    });

    it('are refused where nothing of the list is ticked', async () => {
      const wrong = await sendForm(web.url, head, answers(5), { 'usual-sites': 'listed', training: 'perhaps' });
      expect(wrong.status).toBe(422);
      expect(wrong.html).toContain('Tick at least one of the list');
      expect(wrong.html).toContain('Choose one of the answers');
      expect((await page(answers(5), somebody)).status).toBe(403);
    });
  });
});
