import { auditedAs } from '../support/audit.js';
import { hiddenFieldsOf, sendForm, type FormAnswer } from '../support/send-form.js';
import type { TestSession } from '../support/sign-in.js';
import { startTestWeb, type TestWeb } from '../support/web.js';
import { openRegister, type RegisterFixture } from './register-fixture.js';

const FILE = 'Asset Tag,Serial,Cost\nT1,SER1,900\nT2,SER2,900\nT3,SER3,-1\n';
const NEW = '/imports/new';

describe('the pages of imports', () => {
  let fixture: RegisterFixture;
  let web: TestWeb;
  let stock: TestSession;
  beforeAll(async () => {
    fixture = await openRegister();
    web = await startTestWeb(fixture.database);
  });
  beforeEach(async () => {
    await fixture.clear();
    stock = await web.signIn('stock-holder');
  });
  afterAll(async () => {
    await web?.close();
    await fixture?.close();
  });

  const page = async (address: string): Promise<string> =>
    (await fetch(web.url + address, { headers: stock.headers })).text();
  /** Sends a file as a browser does, as often as wanted at once. */
  const upload = async (content: string, times = 1): Promise<FormAnswer[]> => {
    const hidden = hiddenFieldsOf(await page(NEW), NEW);
    return Promise.all(
      Array.from({ length: times }, async () => {
        const body = new FormData();
        for (const [name, value] of Object.entries({ ...hidden, mapping: '' })) body.append(name, value);
        body.append('file', new Blob([content], { type: 'text/csv' }), 'register.csv');
        const answer = await fetch(web.url + NEW, { method: 'POST', headers: stock.headers, body, redirect: 'manual' });
        return { status: answer.status, location: answer.headers.get('location'), html: await answer.text() };
      }),
    );
  };

  it('take a file from its dry run to undo', async () => {
    let address = '';
    await auditedAs(fixture.database.dataSource, 'import.staged', async () => {
      const [sent] = await upload(FILE);
      expect(sent).toMatchObject({ status: 303, location: expect.stringMatching(/^\/imports\/\d+$/) as string });
      address = sent?.location ?? '';
    });
    const dryRun = await page(address);
    expect(dryRun).toMatch(/Not applied yet[\s\S]*<strong>3 rows/);
    expect(dryRun).toMatch(/The price is negative/);
    expect(await page(`${address}?outcome=refused`)).toMatch(/<strong>1 row<[\s\S]*Outcome|Line 4/);
    await auditedAs(fixture.database.dataSource, 'import.applied', () =>
      sendForm(web.url, stock, address, {}, { action: `${address}/apply` }),
    );
    expect(await page(address)).toMatch(/Applied[\s\S]*Undo the import/);
    const wrong = await sendForm(web.url, stock, address, { reason: '' }, { action: `${address}/undo` });
    expect([wrong.status, wrong.html.includes('Enter the reason')]).toEqual([422, true]);
    await auditedAs(fixture.database.dataSource, 'import.undone', () =>
      sendForm(web.url, stock, address, { reason: 'The wrong file.' }, { action: `${address}/undo` }),
    );
    expect(await page(address)).toMatch(/Undone because: <bdi>The wrong file\./);
    expect(await page('/imports?state=undone')).toMatch(/<strong>1 import<[\s\S]*register\.csv/);
    expect(await page('/imports?state=applied')).toMatch(/<strong>0 imports/);
  });

  it('keep one import of a form that was sent several times', async () => {
    const sent = await upload(FILE, 3);
    const places = new Set(sent.filter(({ status }) => status === 303).map(({ location }) => location));
    expect(places.size).toBe(1);
    expect(await page('/imports')).toMatch(/<strong>1 import</);
  });

  it('say on the field what is wrong with the file', async () => {
    const [none] = await upload('');
    expect([none?.status, none?.html.includes('Choose a file')]).toEqual([422, true]);
    const [useless] = await upload('Colour\nred\n');
    expect(useless?.status).toBe(422);
    expect(useless?.html).toMatch(/id="file-error"/);
    expect(await page('/imports')).toMatch(/Nothing has been imported yet/);
  });

  it('are for those alone who may import', async () => {
    const desk = await web.signIn('service-desk');
    for (const address of ['/imports', NEW, '/imports/1']) {
      expect((await fetch(web.url + address, { headers: desk.headers })).status).toBe(403);
    }
    expect((await fetch(`${web.url}/imports/2000000`, { headers: stock.headers })).status).toBe(404);
  });
});
