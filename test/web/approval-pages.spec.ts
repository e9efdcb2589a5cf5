import { addDays, londonDay } from '../../src/common/uk-time.js';
import { dayFields } from '../support/asking-fixture.js';
import { routedRequest } from '../support/decision-fixture.js';
import { stockEquipment, type Equipment } from '../support/request-fixture.js';
import { hiddenFieldsOf, sendForm } from '../support/send-form.js';
import type { TestSession } from '../support/sign-in.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

const TODAY = londonDay(new Date());

describe('pages of approvals', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let equipment: Equipment;
  let head: TestSession;
  let holder: TestSession;
  let administrator: TestSession;
  beforeAll(async () => {
    database = await createTestDatabase();
    equipment = await stockEquipment(database.dataSource, { team: 6, laptops: 2 });
    web = await startTestWeb(database);
    head = await web.signIn({ person: equipment.head });
    holder = await web.signIn({ person: equipment.budgetHolder });
    administrator = await web.signIn('administrator');
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> =>
    database.dataSource.query<T[]>(sql, parameters);
  const page = async (
    address: string,
    session = head,
  ): Promise<{ status: number; html: string; to: string | null }> => {
    const answer = await fetch(web.url + address, { headers: session.headers, redirect: 'manual' });
    return { status: answer.status, html: await answer.text(), to: answer.headers.get('location') };
  };
  const asked = (people: readonly string[], product = equipment.products.dock): Promise<number> =>
    routedRequest(
      database.dataSource,
      equipment.manager,
      people.map((each) => ({ for: each, product })),
    );
  const post = async (action: string, fields: readonly (readonly [string, string])[], from = '/approvals') => {
    const { html } = await page(from);
    const body = new URLSearchParams([
      ...Object.entries(hiddenFieldsOf(html, action)),
      ...fields.map(([a, b]) => [a, b]),
    ]);
    const answer = await fetch(web.url + action, { method: 'POST', headers: head.headers, body, redirect: 'manual' });
    return { status: answer.status, html: await answer.text() };
  };

  it('show everything to decide with, and take the decision', async () => {
    await routedRequest(database.dataSource, equipment.team[0] ?? '', [
      { for: equipment.team[0] ?? '', product: equipment.products.dock },
    ]);
    const id = await asked(equipment.team, equipment.products.laptop);
    const list = await page('/approvals');
    for (const words of [
      `Request ${id} from`,
      '6 people: Person 4, Person 5, Person 6 and 3 more',
      '6 × EliteBook 840',
      'EliteBook 840: 2 in stock, none on order',
      'CC-100: Care',
      'is left after this',
      'Line manager',
      'Who gets what, and has what now',
      'Waits for 1 × USB-C dock by another request',
    ]) {
      expect(list.html).toContain(words);
    }
    const one = await page(`/approvals/${id}`);
    for (const words of ['Person 9', 'Nothing that is known', 'What do you decide?']) expect(one.html).toContain(words);
    const nothing = await sendForm(web.url, head, `/approvals/${id}`, {});
    expect([nothing.status, nothing.html.includes('Choose what you decide')]).toEqual([422, true]);
    const without = await sendForm(web.url, head, `/approvals/${id}`, { outcome: 'rejected' });
    expect([without.status, without.html.includes('Say why it is rejected')]).toEqual([422, true]);
    const done = await sendForm(web.url, head, `/approvals/${id}`, { outcome: 'approved' }, { again: 3 });
    expect([done.status, done.location]).toEqual([303, '/approvals']);
    expect(await rows('select outcome from decision where request_id = $1', [id])).toEqual([{ outcome: 'approved' }]);
    expect((await page(`/approvals/${id}`)).to).toBe(`/requests/${id}`);
    expect((await page(`/approvals/${id}`, holder)).html).toContain('Line manager: Approved');
  });

  it('show a private reason on the page of the request only, to whoever decides', async () => {
    const { manager, team, products } = equipment;
    const privateReason = 'Reads large print only';
    const lines = [{ for: team[0] ?? '', product: products.dock }];
    const id = await routedRequest(database.dataSource, manager, lines, { privateReason });
    expect((await page(`/approvals/${id}`)).html).toContain(privateReason);
    const list = (await page('/approvals')).html;
    expect(list).toContain('There is a private reason: open the request to read it');
    expect(list).not.toContain(privateReason);
    expect((await page('/api/v1/approvals.csv')).html).not.toContain(privateReason);
    expect((await page(`/approvals/${id}`, holder)).html).not.toContain(privateReason);
  });

  it('approve several at once, and say which were not and why', async () => {
    const [first, second, gone] = [
      await asked(equipment.team.slice(0, 1)),
      await asked(equipment.team.slice(1, 2)),
      await asked(equipment.team.slice(2, 3)),
    ];
    const { html } = await page('/approvals');
    expect(html).toContain(`value="${gone}:1:1"`);
    await sendForm(web.url, head, `/approvals/${gone}`, { outcome: 'returned', reason: 'Say why.' });
    const result = await post(
      '/approvals/approve',
      [first, second, gone].map((id) => ['decision', `${id}:1:1`] as const),
    );
    expect(result.status).toBe(200);
    expect(result.html).toContain('2 approved, 1 not');
    expect(result.html).toContain(`Request ${gone}</a>: The request waits for no decision any more.`);
    const none = await asked(equipment.team.slice(0, 1));
    const empty = await post('/approvals/approve', []);
    expect([empty.status, empty.html.includes('Tick at least one request')]).toEqual([422, true]);
    const strange = await post('/approvals/approve', [['decision', `${none}:1`]]);
    expect([strange.status, strange.html.includes('not readable')]).toEqual([422, true]);
  });

  it('have somebody decide in one’s place, and end it', async () => {
    const fields = {
      to: 'person3@council.example',
      ...dayFields('fromDay', TODAY),
      ...dayFields('untilDay', addDays(TODAY, 7)),
      reason: 'Annual leave',
    };
    const wrong = await sendForm(web.url, head, '/approvals/delegations', { ...fields, to: 'nobody@council.example' });
    expect([wrong.status, wrong.html.includes('The directory has nobody of that name')]).toEqual([422, true]);
    const made = await sendForm(web.url, head, '/approvals/delegations', fields, { again: 2 });
    expect(made.status).toBe(303);
    expect(await rows('select 1 from approval_delegation')).toHaveLength(1);
    expect((await page('/approvals/delegations', holder)).html).toContain(
      'You decide in the place of <bdi>Person 1</bdi>',
    );
    const nothingWaits = (await page('/requests/mine', await web.signIn({ person: equipment.team[0] ?? '' }))).html;
    expect(nothingWaits).not.toContain('for your decision');
    const waiting = await asked(equipment.team.slice(3, 4));
    // They lead nobody, so that the navigation does not name approvals to them.
    const own = (await page('/requests/mine', holder)).html;
    expect(own).toMatch(/\d+ requests? waits? for your decision\. <a class="govuk-link" href="\/approvals">/);
    expect((await page(`/approvals/${waiting}`, holder)).html).toContain('You decide in the place of Person 1');
    const ended = await sendForm(
      web.url,
      holder,
      '/approvals/delegations',
      {},
      { action: '/approvals/delegations/end' },
    );
    expect(ended.status).toBe(303);
    expect((await page('/approvals/delegations')).html).toContain('Nobody decides in anybody’s place now');
  });

  it('link accounts of one person', async () => {
    await rows(
      `insert into person (entra_id, user_principal_name, display_name, account_enabled, user_type)
       values ('90000000-0000-4000-8000-000000000001', 'adm-person2@council.example', '<b>Second</b>', true, 'Member')`,
    );
    expect((await page('/approvals/linked-accounts')).status).toBe(403);
    const shown = await page('/approvals/linked-accounts', administrator);
    expect(shown.html).toContain('&lt;b&gt;Second&lt;/b&gt;');
    expect(shown.html).toContain('The name says that it is a second account');
    const linked = await sendForm(web.url, administrator, '/approvals/linked-accounts', {});
    expect(linked.status).toBe(303);
    expect(await rows('select person_entra_id from linked_account')).toEqual([{ person_entra_id: equipment.manager }]);
    const removed = await sendForm(
      web.url,
      administrator,
      '/approvals/linked-accounts',
      {},
      {
        action: '/approvals/linked-accounts/remove',
      },
    );
    expect(removed.status).toBe(303);
    expect(await rows('select from linked_account')).toEqual([]);
  });

  it('are in the navigation of who leads somebody or works a queue', async () => {
    const link = 'href="/approvals"';
    const [staff, approver] = [await web.signIn({ person: equipment.team[0] ?? '' }), await web.signIn('approver')];
    expect((await page('/me')).html).toContain(link);
    expect((await page('/me', approver)).html).toContain(link);
    expect((await page('/me', staff)).html).not.toContain(link);
    expect((await page('/approvals', staff)).html).toContain('Nothing waits for your decision');
  });
});
