import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

describe('call records on the status page', () => {
  let database: TestDatabase;
  const opened: TestWeb[] = [];
  const open = async (environment: Record<string, string>): Promise<string> => {
    const web = await startTestWeb(database, { environment });
    opened.push(web);
    const answer = await fetch(`${web.url}/status`);
    expect(answer.status).toBe(200);
    const [, section = ''] = (await answer.text()).split('id="call-records"');
    return section.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
  };
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => {
    for (const web of opened) await web.close();
    await database.drop();
  });

  it('says that they are off, and what switches them on', async () => {
    expect(await open({ CALL_RECORDS: 'off' })).toContain('CALL_RECORDS=on');
  });

  it('says that they have not been read yet', async () => {
    expect(await open({})).toContain('They have not been read yet.');
  });

  it('shows the last readings, what came of them and what to do about one that failed', async () => {
    await database.dataSource.query(
      `insert into call_record_run (trigger, status, finished_at, lease_until, read_from, read_until, listed, taken_over,
         not_ready, unreadable, error_code, error_message, error_fix)
       values ('schedule', 'succeeded', now(), now(), now(), now(), 1234, 987, 6, 5, null, null, null),
         ('schedule', 'failed', now(), now(), now(), now(), 0, 0, 0, 0, 'forbidden', 'No permission <CallRecords.Read.All>.', 'Grant it.')`,
    );
    const text = await open({});
    expect(text).toMatch(
      /Failed No permission &lt;CallRecords.Read.All&gt;\. What to do: Grant it\. 0 0 0 0 .*Read 1,234 987 6 5 /,
    );
  });
});
