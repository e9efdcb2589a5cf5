import { readFileSync } from 'node:fs';
import path from 'node:path';
import { demonstrationNetwork, type DemonstrationNetwork } from '../support/demonstration-network.js';
import { networkGate } from '../support/site-network-fixture.js';

const RECOUNT = readFileSync(path.join(import.meta.dirname, 'network-recount.sql'), 'utf8');

interface Counted {
  readonly kind: string;
  readonly id: number | null;
  readonly site: string;
  readonly blocks: number;
  readonly unlocks: number;
}

const inOrder = (counted: readonly Counted[]): string[] =>
  counted
    .map(({ kind, id, site, blocks, unlocks }) => `${kind} ${id} ${site.toLowerCase()}: ${unlocks} of ${blocks}`)
    .toSorted();

describe('what each fix of a network unlocks in the demonstration', () => {
  let bench: DemonstrationNetwork;
  beforeAll(async () => void (bench = await demonstrationNetwork({ people: 300 })), 300_000);
  afterAll(() => bench?.close());

  /** Works readiness out, and reads every fix page by page. */
  async function shown(now: Date): Promise<{ programmeId: number; fixes: Counted[] }> {
    const { dataSource } = bench.database;
    const { readiness, fixes, programmes, transactor } = networkGate(dataSource);
    const programme = await programmes.current();
    if (programme === null) throw new Error('The demonstration has a programme.');
    await transactor.run((tx) => readiness.evaluate(tx, programme.id, 'all', now));
    const found: Counted[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await fixes.page(programme, {}, { limit: 7, ...(cursor === undefined ? {} : { cursor }) });
      found.push(...page.items);
      cursor = page.next;
    }
    return { programmeId: programme.id, fixes: found };
  }
  const recounted = (programmeId: number, now: Date): Promise<Counted[]> =>
    bench.database.dataSource.query<Counted[]>(RECOUNT, [programmeId, now]);

  it('is what an independent count of the raw facts finds, for every fix', async () => {
    const now = new Date();
    const { programmeId, fixes } = await shown(now);
    expect(inOrder(fixes)).toEqual(inOrder(await recounted(programmeId, now)));
    expect(new Set(fixes.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(4);
    expect(fixes.some(({ unlocks }) => unlocks > 0)).toBe(true);
    const sorted = fixes.map(({ unlocks }) => unlocks);
    expect(sorted).toEqual(sorted.toSorted((a, b) => b - a));
  });

  it('is so when things are put right, waived and answered otherwise', async () => {
    const { dataSource } = bench.database;
    const now = new Date();
    await dataSource.query(
      `update wifi_survey set result = 'passed', expires_on = current_date + 100 where id % 2 = 0`,
    );
    await dataSource.query('update network_link set download_kbps = greatest(1, download_kbps / 12) where id % 3 = 0');
    await dataSource.query(
      'update network_link set live_from = null, live_until = current_date + 200 where id % 5 = 0',
    );
    await dataSource.query('update network_link set live_until = current_date - 1, live_from = null where id % 7 = 0');
    await dataSource.query('delete from connection_check where length(person_entra_id) % 2 = 0 and id % 3 = 0');
    await dataSource.query(
      `insert into move_answer (move_id, question, answer, details, actor)
       select id, 'usual-sites', case id % 3 when 0 then 'none' else 'listed' end,
              jsonb_build_object('sites', (select jsonb_agg(distinct site) from move as other where other.id % 11 = move.id % 11 and site is not null)),
              'system:test' from move where id % 7 = 0`,
    );
    await dataSource.query(
      `insert into readiness_waiver (move_id, rule, reason, expires_on, granted_by)
       select id, case id % 2 when 0 then 'network-home' else 'network-site' end, 'Tried', current_date + 10, 'person:somebody'
       from move where id % 5 = 0 on conflict do nothing`,
    );
    const { programmeId, fixes } = await shown(now);
    expect(inOrder(fixes)).toEqual(inOrder(await recounted(programmeId, now)));
    expect(fixes.some(({ unlocks }) => unlocks > 0)).toBe(true);
  });
});
