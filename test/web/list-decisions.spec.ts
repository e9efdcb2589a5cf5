import { estateRecord } from '../support/identity-fixture.js';
import { auditedAs } from '../support/audit.js';
import { storeRecords } from '../bench/identity-estate.js';
import { IdentityService } from '../../src/devices/identity.service.js';
import { FormFactorService } from '../../src/devices/form-factor.service.js';
import { Transactor } from '../../src/database/transactor.js';
import { sendForm } from '../support/send-form.js';
import type { TestSession } from '../support/sign-in.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

const MODEL = '/models/decision?manufacturer=Acme+Works&model=Slab+9';

describe('decisions from lists', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let desk: TestSession;
  let reader: TestSession;
  beforeAll(async () => {
    database = await createTestDatabase();
    await storeRecords(database.dataSource, [
      ...[1, 2, 3].map((n) =>
        estateRecord('managed-devices', `m-${n}`, {
          name: `SLAB-${n}`,
          serial_number: `SLABSERIAL${n}`,
          manufacturer: 'Acme Works',
          model: 'Slab 9',
        }),
      ),
      // One serial number, two records that are alive at once: a question for a person.
      estateRecord('managed-devices', 'twin-1', { name: 'TWIN-1', serial_number: '5CG1234TWN' }),
      estateRecord('managed-devices', 'twin-2', { name: 'TWIN-2', serial_number: '5CG1234TWN' }),
    ]);
    const transactor = new Transactor(database.dataSource);
    await new IdentityService(transactor).resolvePending();
    await new FormFactorService(transactor).classifyPending();
    web = await startTestWeb(database);
    desk = await web.signIn('service-desk');
    reader = await web.signIn('reviewer');
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  const page = async (address: string, session = desk): Promise<string> =>
    (await fetch(web.url + address, { headers: session.headers })).text();
  const classes = (): Promise<{ form_factor: string }[]> =>
    database.dataSource.query(`select form_factor from device where model = 'Slab 9' order by id`);

  it('one decision about a model is previewed, takes effect on all its machines, and is taken back', async () => {
    const list = await page('/models?state=unknown&manufacturer=acme+works');
    expect(list).toContain('href="/models/decision?manufacturer=Acme+Works&amp;model=Slab+9"');
    expect(await page(MODEL)).toMatch(/Tablet[\s\S]{0,300}Changes 3 machines/);
    const wrong = await sendForm(web.url, desk, MODEL, { class: 'tablet', reason: ' ' });
    expect([wrong.status, wrong.html.includes('Enter the reason')]).toEqual([422, true]);
    await auditedAs(database.dataSource, 'form-factor.model-overridden', async () => {
      const sent = await sendForm(web.url, desk, MODEL, { class: 'tablet', reason: 'The data sheet says so.' });
      expect(sent).toMatchObject({ status: 303, location: MODEL });
    });
    expect(await classes()).toEqual(Array(3).fill({ form_factor: 'tablet' }));
    expect(await page(MODEL)).toMatch(/Tablet, since/);
    expect(await page('/models?formFactor=tablet')).toContain('Slab 9');
    const withdrawal = MODEL.replace('decision', 'withdrawal');
    await sendForm(web.url, desk, MODEL, { reason: 'It was another model.' }, { action: withdrawal });
    expect(await classes()).toEqual(Array(3).fill({ form_factor: 'unknown' }));
  });

  it('a review shows the evidence side by side, is answered once, and the answer is undone', async () => {
    const list = await page('/reviews');
    const address = /href="(\/reviews\/\d+)"/.exec(list)?.[1] ?? '';
    const review = await page(address);
    expect(review).toMatch(/5CG1234TWN/);
    expect(review).toMatch(/Hostname<br>[\s\S]{0,200}Differs[\s\S]{0,400}TWIN-1[\s\S]{0,200}TWIN-2/);
    const wrong = await sendForm(web.url, desk, address, { reason: 'x' });
    expect([wrong.status, wrong.html.includes('Say whether they are one machine')]).toEqual([422, true]);
    const sent = await sendForm(web.url, desk, address, { decision: 'same', reason: 'The label says so.' });
    expect(sent).toMatchObject({ status: 303, location: expect.stringMatching(/^\/decisions\/\d+$/) as string });
    const decision = sent.location ?? '';
    expect(await page(decision)).toMatch(/The label says so[\s\S]*Undo the decision/);
    expect(await page(address)).toMatch(/They are one machine: decided by <bdi>Zz Tester/);
    expect(await page('/decisions')).toMatch(/The label says so[\s\S]*Zz Tester/);
    const undone = await sendForm(web.url, desk, decision, { reason: 'It was the wrong label.' });
    expect(undone.status).toBe(303);
    expect(await page(decision)).toContain('It was the wrong label.');
    expect(await page(address)).toContain('Are they one machine?');
    expect(await page('/decisions?undone=true')).toMatch(/<strong>1 decision</);
  });

  it('shows forms to those alone who may decide', async () => {
    const address = /href="(\/reviews\/\d+)"/.exec(await page('/reviews', reader))?.[1] ?? '';
    expect(await page(address, reader)).not.toContain('Are they one machine?');
    expect(await page(MODEL, reader)).toContain('Service desk and rollout managers decide');
    for (const action of [address, MODEL]) {
      const own = '/saved-views/new?list=devices&query=';
      const sent = await sendForm(
        web.url,
        reader,
        own,
        { decision: 'same', class: 'laptop', reason: 'x' },
        { action, token: 'of another form' },
      );
      expect([action, sent.status]).toEqual([action, 403]);
    }
  });
});
