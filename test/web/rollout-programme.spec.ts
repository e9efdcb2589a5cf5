import { machines } from '../support/rollout-fixture.js';
import { insertPeople, personId } from '../support/custody-fixture.js';
import { sendForm, type FormAnswer } from '../support/send-form.js';
import type { TestSession } from '../support/sign-in.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

const PAGE = '/rollout/programme';
const PLAN = {
  name: 'Desktops to laptops',
  'startsOn-day': '1',
  'startsOn-month': '12',
  'startsOn-year': '2026',
  'targetOn-day': '30',
  'targetOn-month': '9',
  'targetOn-year': '2027',
  includePeopleWithoutDesktop: 'no',
};

describe('the programme, from plan to close', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let manager: TestSession;
  let reviewer: TestSession;
  beforeAll(async () => {
    database = await createTestDatabase();
    await insertPeople(database.dataSource, 6);
    await database.dataSource.query(
      `update person set user_type = 'Member', employee_id = id::text, division = case when id <= 4 then 'Adults' else 'Places' end,
         department = 'Care', office_location = 'Civic Centre', employee_type = case when id = 2 then 'Agency' else 'Staff' end`,
    );
    await machines(database.dataSource, [1, 2, 3, 5].map(personId), 'desktop', 'OptiPlex 7060');
    web = await startTestWeb(database);
    manager = await web.signIn('rollout-manager');
    reviewer = await web.signIn('reviewer');
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  const get = (address: string, session = manager): Promise<Response> =>
    fetch(web.url + address, { headers: session.headers, redirect: 'manual' });
  const html = async (address: string, session = manager): Promise<string> => (await get(address, session)).text();
  const send = (address: string, fields: Record<string, string>): Promise<FormAnswer> =>
    sendForm(web.url, manager, address, fields);

  it('begins with nothing, for those who may plan one', async () => {
    expect(await html(PAGE)).toContain('Plan a programme');
    expect(await html(PAGE, reviewer)).not.toContain('Plan a programme');
    for (const part of ['plan', 'start', 'close', 'left-out?reason=team']) {
      expect((await get(`${PAGE}/${part}`, reviewer)).status).toBe(403);
    }
    expect((await get(`${PAGE}/start`)).headers.get('location')).toBe(PAGE);
    expect((await get(`${PAGE}/close`)).headers.get('location')).toBe(PAGE);
  });

  it('keeps no plan that cannot be kept, and what was typed', async () => {
    const wrong = await send(`${PAGE}/plan`, { ...PLAN, name: ' ', 'startsOn-day': '31', 'startsOn-month': '2' });
    expect(wrong.status).toBe(422);
    expect(wrong.html).toContain('Enter a name');
    expect(wrong.html).toContain('Enter a day that exists');
    const earlier = await send(`${PAGE}/plan`, { ...PLAN, 'targetOn-year': '2025' });
    expect(earlier.html).toContain('Enter a day after the first');
    expect((await send(`${PAGE}/plan`, { ...PLAN, directorates: 'Nowhere' })).html).toContain('Choose from the list');
  });

  it('is planned and changed, and shows whom it would leave out and why', async () => {
    expect(await send(`${PAGE}/plan`, PLAN)).toMatchObject({ status: 303, location: PAGE });
    expect(await html(PAGE)).toContain('4 people would take part');
    const narrower = { ...PLAN, directorates: 'Adults', exceptEmployeeTypes: 'Agency' };
    expect(await send(`${PAGE}/plan`, narrower)).toMatchObject({ status: 303 });
    const page = await html(PAGE);
    expect(page).toContain('2 people would take part, 2 of them with a desktop, and 2 desktops');
    expect(page).toContain('Of an employee type that does not take part');
    expect(await html(`${PAGE}/left-out?reason=employee-type`)).toContain('Person 2');
    expect(await html(`${PAGE}/left-out?reason=team`)).toContain('Nobody is left out for this reason.');
    expect((await get(`${PAGE}/left-out?reason=luck`)).status).toBe(400);
    // A second one is not planned beside it: the form is that of the first.
    expect(await html(`${PAGE}/plan`)).toContain('Change what is planned');
  });

  it('freezes the baseline on a page that says what this means, once', async () => {
    expect(await html(`${PAGE}/start`)).toContain('The baseline is never changed once it is frozen.');
    const started = await sendForm(web.url, manager, `${PAGE}/start`, {}, { again: 2 });
    expect(started).toMatchObject({ status: 303, location: PAGE });
    const page = await html(PAGE);
    expect(page).toContain('2 people and 2 desktops');
    expect(page).not.toContain('Start the programme');
    expect((await get(`${PAGE}/plan`)).headers.get('location')).toBe(PAGE);
    expect(await html('/rollout/workbench')).toContain('Person 1');
  });

  it('is closed with a reason, and the next can be planned', async () => {
    expect((await send(`${PAGE}/close`, { reason: '' })).html).toContain('Enter the reason');
    expect(await send(`${PAGE}/close`, { reason: 'Everybody has moved' })).toMatchObject({ status: 303 });
    const page = await html(PAGE);
    expect(page).toContain('Everybody has moved');
    expect(page).toContain('Plan the next programme');
    expect(await html(`${PAGE}/plan`)).toContain('Plan a programme');
  });
});
