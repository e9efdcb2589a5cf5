import { insertCatalogue, dayFields, workingDay, type SmallCatalogue } from '../support/asking-fixture.js';
import { personId } from '../support/custody-fixture.js';
import { insertFulfilment } from '../support/fulfilment-rows.js';
import { startRollout, type RolloutFixture } from '../support/rollout-fixture.js';
import { hiddenFieldsOf, sendForm, type FormAnswer } from '../support/send-form.js';
import type { TestSession } from '../support/sign-in.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

const PEOPLE = 41;

describe('pages of asking for equipment', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let rollout: RolloutFixture;
  let catalogue: SmallCatalogue;
  let manager: TestSession;
  let member: TestSession;
  let desk: TestSession;
  let stranger: TestSession;
  beforeAll(async () => {
    database = await createTestDatabase();
    // Number 1 leads everybody else.
    rollout = await startRollout(database.dataSource, { people: PEOPLE });
    catalogue = await insertCatalogue(database.dataSource);
    web = await startTestWeb(database);
    manager = await web.signIn({ person: personId(1) });
    member = await web.signIn({ person: personId(2) });
    desk = await web.signIn('service-desk');
    stranger = await web.signIn(null);
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
  const send = (
    address: string,
    fields: Record<string, string>,
    session = manager,
    more: Parameters<typeof sendForm>[4] = {},
  ): Promise<FormAnswer> => sendForm(web.url, session, address, fields, more);
  const choices = (more: Record<string, string> = {}): Record<string, string> => ({
    bundle: String(catalogue.bundle),
    delivery: 'site',
    site: 'Library',
    ...dayFields('neededBy', workingDay(10)),
    ...more,
  });
  const idIn = ({ location }: FormAnswer): number => Number(/\/requests\/(\d+)/.exec(location ?? '')?.[1]);

  it('show what there is, with price, stock and what people have', async () => {
    const { status, html } = await page('/requests/new');
    expect(status).toBe(200);
    for (const words of ['Person 2', 'Standard laptop', '£900', 'None in stock', 'At most 2 for each person']) {
      expect(html).toContain(words);
    }
    expect(html).toMatch(/Everybody below \(40 people, without you\)/);
    expect((await page('/requests/new', stranger)).html).toContain('For you.');
  });

  it('ask for a bundle for 40 people in three pages', async () => {
    const begun = await send('/requests/new', choices({ everybody: 'yes' }));
    expect(begun.status).toBe(303);
    const id = idIn(begun);
    expect(begun.location).toBe(`/requests/${id}/check`);
    const check = await page(`/requests/${id}/check`);
    expect(check.html).toContain('40 people');
    expect(check.html).toContain('£42,000');
    expect(check.html).toContain('None in stock. 40 of 40 will wait.');
    expect(check.html).toContain('Line manager: Queue for approvals, because');
    // Everybody has one desktop, which is what they give back.
    expect(check.html).not.toContain('What is still missing');
    const sent = await send(`/requests/${id}/check`, {}, manager, { again: 3 });
    expect([sent.status, sent.location]).toEqual([303, `/requests/${id}`]);
    const shown = await page(`/requests/${id}`);
    for (const words of ['Waiting for a decision', 'Person 41', 'Line manager', 'Submitted'])
      expect(shown.html).toContain(words);
    expect(await rows(`select 1 from request_event where request_id = $1 and event = 'submitted'`, [id])).toHaveLength(
      1,
    );
    expect(await rows('select 1 from request_line where request_id = $1', [id])).toHaveLength(80);
    expect((await page(`/requests/${id}/check`)).status).toBe(303);
  });

  it('keep a draft at each step, and say beside each field what is wrong', async () => {
    const nobody = await send('/requests/new', choices());
    expect([nobody.status, nobody.html.includes('Choose at least one person')]).toEqual([422, true]);
    const wrong = await send(
      '/requests/new',
      choices({
        people: String(await number(2)),
        site: '',
        bundle: 'none',
        [`quantity-${catalogue.screen}`]: '99',
        ...dayFields('neededBy', '2026-01-01'),
      }),
    );
    expect(wrong.status).toBe(422);
    for (const words of ['not in the past', 'Enter the site', 'from 0 to 50']) expect(wrong.html).toContain(words);
    expect((await send('/requests/new', choices({ surprise: 'x' }))).status).toBe(422);
    const begun = await send(
      '/requests/new',
      choices({ people: String(await number(2)), bundle: 'none', [`quantity-${catalogue.screen}`]: '3' }),
    );
    const id = idIn(begun);
    expect((await page('/requests/mine')).html).toContain(`Request ${id}`);
    const check = await page(`/requests/${id}/check`);
    expect(check.html).toContain('More than 2 of Screen');
    const refused = await send(`/requests/${id}/check`, {});
    expect([refused.status, refused.html.includes('href="#exceptionReason"')]).toEqual([422, true]);
    const again = await send(
      `/requests/${id}/choose`,
      choices({ people: String(await number(3)), bundle: 'none', [`quantity-${catalogue.screen}`]: '1' }),
    );
    expect(again.location).toBe(`/requests/${id}/check`);
    expect((await page(`/requests/${id}/check`)).html).toContain('Person 3');
    const cancel = await page(`/requests/${id}/cancel`);
    expect(cancel.html).toContain('Nobody was asked yet');
    expect((await send(`/requests/${id}/cancel`, {})).status).toBe(303);
    expect((await page('/requests/mine?state=draft')).html).not.toContain(`Request ${id}<`);
  });

  it('leave what people get as it is while day, delivery and people change', async () => {
    const begun = await send('/requests/new', choices({ people: String(await number(2)) }));
    const id = idIn(begun);
    const lines = (): Promise<unknown> =>
      rows(
        `select beneficiary_entra_id as person, product_id as product, quantity from request_line where request_id = $1 order by 1, 2`,
        [id],
      );
    const [laptop] = await rows<{ id: number }>(
      'select id from request_line where request_id = $1 order by product_id',
      [id],
    );
    await send(`/requests/${id}/people/${await number(2)}`, {
      [`quantity-${laptop?.id}`]: '0',
      addedProduct: '',
      addedQuantity: '1',
    });
    const alone = { person: personId(2), product: catalogue.screen, quantity: 1 };
    expect(await lines()).toEqual([alone]);
    expect((await page(`/requests/${id}/choose`)).html).toContain('changed person by person');
    await send(
      `/requests/${id}/choose`,
      choices({
        people: String(await number(3)),
        bundle: 'as-it-is',
        site: '',
        delivery: 'home',
        [`quantity-${catalogue.screen}`]: '1',
      }),
    );
    expect(await lines()).toEqual([{ ...alone, person: personId(3) }]);
    const both = await page(`/requests/${id}/choose`);
    expect(both.html).not.toContain('changed person by person');
    const nothing = await send(
      `/requests/${id}/choose`,
      choices({ people: String(await number(4)), bundle: 'as-it-is' }),
    );
    expect([nothing.status, nothing.html.includes('enter how many of something')]).toEqual([422, true]);
    // What is not offered any more can be left in it while the rest is changed, and is said on the check page.
    await rows('update product set offered = false where id = $1', [catalogue.screen]);
    try {
      const kept = await send(
        `/requests/${id}/choose`,
        choices({ people: String(await number(3)), bundle: 'as-it-is', site: 'Depot' }),
      );
      expect(kept.status).toBe(303);
      const check = await page(`/requests/${id}/check`);
      for (const words of ['Depot', 'Screen is not offered any more', 'Put it right'])
        expect(check.html).toContain(words);
      expect((await send(`/requests/${id}/check`, {})).status).toBe(422);
    } finally {
      await rows('update product set offered = true where id = $1', [catalogue.screen]);
    }
    await rows('update person set account_enabled = false where entra_id = $1', [personId(3)]);
    expect((await page(`/requests/${id}/check`)).html).toContain('Person 3 is not below you in the line any more');
    await rows('update person set account_enabled = true where entra_id = $1', [personId(3)]);
  });

  it('find people by name where there are many', async () => {
    const { html } = await page('/requests/new?who=all&name=Person%201');
    expect([html.includes('Person 11'), html.includes('Person 21')]).toEqual([true, false]);
    expect((await page('/requests/new?who=all&name=Nobody')).html).toContain('Nobody below you has a name');
  });

  it('find more people by name for a draft, whose own stay chosen', async () => {
    const id = idIn(await send('/requests/new', choices({ people: String(await number(2)) })));
    const address = `/requests/${id}/choose?name=Person+1`;
    const { html } = await page(address);
    const shown = (text: string): boolean[] => [2, 11, 21].map((each) => text.includes(`Person ${each}\n`));
    expect(shown(html)).toEqual([true, true, false]);
    const [second, eleventh] = [await number(2), await number(11)];
    expect(html).toMatch(new RegExp(`value="${second}"[^>]* checked`));
    expect(html).toMatch(new RegExp(`<form action="/requests/${id}/choose" method="get"`));
    const wrong = await send(address, choices({ people: String(eleventh), site: '' }));
    expect([wrong.status, shown(wrong.html)]).toEqual([422, [true, true, false]]);
    const both = await send(address, choices({ people: String(eleventh) }));
    expect(both.location).toBe(`/requests/${id}/check`);
    expect((await page(`/requests/${id}/check`)).html).toContain('Person 11');
    const none = (await page(`/requests/${id}/choose?name=Nobody`)).html;
    expect([none.includes('Nobody below you has a name'), shown(none)]).toEqual([true, [false, true, false]]);
    expect((await page(`/requests/${id}/choose?whom=all`)).status).toBe(400);
  });

  it('change what one person gets: an alternative with a private reason that few see', async () => {
    const begun = await send(
      '/requests/new',
      choices({ people: String(await number(2)), bundle: 'none', [`quantity-${catalogue.screen}`]: '1' }),
    );
    const id = idIn(begun);
    const address = `/requests/${id}/people/${await number(2)}`;
    const [line] = await rows<{ id: number }>('select id from request_line where request_id = $1', [id]);
    const changed = await send(address, {
      [`product-${line?.id}`]: String(catalogue.reader),
      [`quantity-${line?.id}`]: '1',
      [`privateReason-${line?.id}`]: 'Very private',
      addedProduct: '',
      addedQuantity: '1',
    });
    expect(changed.location).toBe(`/requests/${id}/check`);
    expect((await send(`/requests/${id}/check`, {})).status).toBe(303);
    expect((await page(`/requests/${id}`)).html).toContain('Very private');
    expect((await page(`/requests/${id}`, member)).html).toContain('Very private');
    const others = await page(`/requests/${id}`, desk);
    expect([others.status, others.html.includes('Very private')]).toEqual([200, false]);
    for (const file of ['/api/v1/requests.csv', `/api/v1/requests/${id}`, '/api/v1/requests']) {
      expect((await page(file, desk)).html).not.toContain('Very private');
    }
    expect(web.logLines.join('\n')).not.toContain('Very private');
    expect((await page(`/requests/${id}`, stranger)).status).toBe(404);
    expect((await page(`/requests/${id}/check`, member)).status).toBe(404);
    // A version that was looked at long ago.
    const stale = await send(`/requests/${id}/cancel`, { reason: 'x', version: '1' });
    expect(stale.status).toBe(409);
  });

  it('change, cancel and copy', async () => {
    const begun = await send(
      '/requests/new',
      choices({ people: String(await number(5)), bundle: 'none', [`quantity-${catalogue.screen}`]: '1' }),
    );
    const id = idIn(begun);
    await send(`/requests/${id}/check`, {});
    const reopened = await send(`/requests/${id}/reopen`, {}, manager, { again: 1 });
    expect(reopened.location).toBe(`/requests/${id}/check`);
    expect((await page(`/requests/${id}`, desk)).html).toContain('Being changed');
    const next = (await page(`/requests/${id}`)).html;
    for (const words of ['not submitted yet', `href="/requests/${id}/check"`, 'Submitted'])
      expect(next).toContain(words);
    await send(
      `/requests/${id}/choose`,
      choices({ people: String(await number(5)), bundle: 'none', [`quantity-${catalogue.screen}`]: '2' }),
    );
    await send(`/requests/${id}/check`, { exceptionReason: 'Control room' });
    const shown = (await page(`/requests/${id}`)).html;
    for (const words of ['What version 2 changed', 'Changed: 2 × Screen for Person 5 (1 before'])
      expect(shown).toContain(words);
    const copied = await send(`/requests/${id}`, {}, manager, { action: `/requests/${id}/copy` });
    expect(idIn(copied)).toBeGreaterThan(id);
    expect(copied.location).toBe(`/requests/${idIn(copied)}/choose`);
    const unsaid = await page(`/requests/${idIn(copied)}/check`);
    expect(unsaid.html).toContain('Enter the day by which it is needed');
    expect((await send(`/requests/${id}/cancel`, { reason: '' })).status).toBe(422);
    const cancelled = await send(`/requests/${id}/cancel`, { reason: 'Not needed' });
    expect(cancelled.location).toBe(`/requests/${id}`);
    expect((await page(`/requests/${id}`)).html).toContain('Cancelled (version 2): <bdi>Not needed</bdi>');
    expect((await page('/requests?state=cancelled&person=Person%205', desk)).html).toContain(`Request ${id}`);
    expect((await page('/requests/mine?whose=for-me', member)).status).toBe(200);
    const team = (await page('/requests/mine?whose=team&state=cancelled')).html;
    expect(team).toContain(`Request ${id}<`);
    expect((await page('/requests/mine?whose=team&state=rejected')).html).not.toContain(`Request ${id}<`);
  });

  it('lead to what waits for a confirmation, and offer no change of what was handed over', async () => {
    expect((await page('/requests/mine', member)).html).toContain('href="/requests/to-confirm"');
    await insertFulfilment(database.dataSource, { manager: personId(1), beneficiary: personId(2) });
    const mine = await page('/requests/mine?whose=for-me', member);
    expect(mine.html).toContain('1 thing was given or sent to you');
    const [request] = await rows<{ id: number }>(
      `select max(id) as id from equipment_request where state = 'approved'`,
    );
    const theirs = (await page(`/requests/${request?.id}`, member)).html;
    expect(theirs).toContain('href="/requests/to-confirm"');
    const shown = (await page(`/requests/${request?.id}`)).html;
    for (const words of [
      'Being picked or on its way',
      'Handed over, from Depot 7, stores',
      'reserved at Depot 7',
      'Cancel it',
    ])
      expect(shown).toContain(words);
  });

  it('take nothing that a form of this site does not send', async () => {
    const html = (await page('/requests/new')).html;
    const hidden = hiddenFieldsOf(html, '/requests/new');
    const body = new URLSearchParams([...Object.entries({ ...hidden, ...choices() }), ['site', 'Twice']]);
    const answer = await fetch(`${web.url}/requests/new`, {
      method: 'POST',
      headers: manager.headers,
      body,
      redirect: 'manual',
    });
    expect(answer.status).toBe(422);
    expect(rollout.people).toHaveLength(PEOPLE);
  });

  async function number(person: number): Promise<number> {
    const [row] = await rows<{ id: number }>('select id from person where entra_id = $1', [personId(person)]);
    return row?.id ?? 0;
  }
});
