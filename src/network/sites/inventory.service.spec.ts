import { auditedAs } from '../../../test/support/audit.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { ConflictError, InputError, NotFoundError } from '../../common/errors.js';
import { addDays, londonDay } from '../../common/uk-time.js';
import { ChangedMeanwhileError } from '../../database/record-version.js';
import { Transactor } from '../../database/transactor.js';
import { LinksQueries } from './links.queries.js';
import { LinksService, type LinkInput } from './links.service.js';
import { RemoteAccessQueries } from './remote-access.queries.js';
import { RemoteAccessService } from './remote-access.service.js';
import { SitesQueries } from './sites.queries.js';
import { SitesService, type SiteInput } from './sites.service.js';
import { SurveysQueries } from './surveys.queries.js';
import { SurveysService, type SurveyInput } from './surveys.service.js';

const ACTOR = 'person:network-manager';
const TODAY = londonDay(new Date());
const SITE: SiteInput = { name: 'Civic Centre', desks: 900, docks: 600, wiredPorts: null };
const LINK: LinkInput = {
  name: 'Main line',
  provider: 'A provider',
  downloadKbps: 1_000_000,
  uploadKbps: 500_000,
  contract: null,
  contractEndsOn: '2028-03-31',
  liveFrom: '2024-04-01',
};
const SURVEY: SurveyInput = {
  surveyedOn: addDays(TODAY, -10),
  result: 'passed',
  floors: 'All floors',
  clientsSupported: 1_200,
  expiresOn: null,
};
const PDF = { name: 'survey.pdf', mediaType: 'application/pdf', content: Buffer.from('%PDF-1.7\nfound well') };

let database: TestDatabase;
let dataSource: TestDatabase['dataSource'];
let sites: SitesService;
let links: LinksService;
let surveys: SurveysService;
let gateways: RemoteAccessService;
let read: {
  sites: SitesQueries;
  links: LinksQueries;
  surveys: SurveysQueries;
  gateways: RemoteAccessQueries;
};

beforeAll(async () => {
  database = await createTestDatabase({ connections: 8 });
  dataSource = database.dataSource;
  const transactor = new Transactor(dataSource);
  sites = new SitesService(transactor);
  links = new LinksService(transactor);
  surveys = new SurveysService(transactor);
  gateways = new RemoteAccessService(transactor);
  read = {
    sites: new SitesQueries(dataSource),
    links: new LinksQueries(dataSource),
    surveys: new SurveysQueries(dataSource),
    gateways: new RemoteAccessQueries(dataSource),
  };
});
afterAll(() => database.drop());

let count = 0;
const newSite = async (): Promise<number> => {
  const { id } = await sites.add({ ...SITE, name: `Site ${++count}` }, null, ACTOR);
  return id;
};
/** The subjects that were noted as changed while something was done. */
const noted = async (work: () => Promise<unknown>): Promise<string[]> => {
  await dataSource.query('delete from network_change');
  await work();
  const rows = await dataSource.query<{ note: string }[]>(
    `select kind || ':' || subject as note from network_change order by 1`,
  );
  return rows.map(({ note }) => note);
};
/** What came of commands that were given together. */
const together = async (...work: (() => Promise<unknown>)[]): Promise<string[]> => {
  const results = await Promise.allSettled(work.map((each) => each()));
  return results
    .map((result) => (result.status === 'fulfilled' ? 'done' : (result.reason as Error).constructor.name))
    .sort();
};

describe('sites', () => {
  it('are entered once, whatever the case of their name, and change under their version', async () => {
    let id = 0;
    const added = await auditedAs(dataSource, 'network-site.added', async () => {
      ({ id } = await sites.add(SITE, null, ACTOR));
    });
    expect(added).toMatchObject({ actor: ACTOR, subject: `network-site:${id}` });
    await expect(sites.add({ ...SITE, name: 'CIVIC centre' }, null, ACTOR)).rejects.toThrow(ConflictError);
    const before = await read.sites.one(id);
    expect(before).toMatchObject({ ...SITE, liveLinks: 0, surveyedOn: null, ranges: 0 });

    const version = before?.version ?? '';
    expect(await noted(() => sites.change(id, { ...SITE, name: 'Town Hall', docks: null }, version, ACTOR))).toEqual([
      'site:civic centre',
      'site:town hall',
    ]);
    expect(await read.sites.one(id)).toMatchObject({ name: 'Town Hall', docks: null });
    await expect(sites.change(id, SITE, version, ACTOR)).rejects.toThrow(ChangedMeanwhileError);
    await expect(sites.change(9_999, SITE, version, ACTOR)).rejects.toThrow(NotFoundError);

    await sites.add(SITE, null, ACTOR);
    const now = (await read.sites.one(id))?.version ?? '';
    await expect(sites.change(id, SITE, now, ACTOR)).rejects.toThrow('of this name');
    const changed = await auditedAs(dataSource, 'network-site.changed', () =>
      sites.change(id, { ...SITE, name: 'Town Hall' }, now, ACTOR),
    );
    expect(changed.subject).toBe(`network-site:${id}`);
  });

  it('are entered once for a key', async () => {
    const [first, second] = await Promise.all(
      [1, 2].map(() => sites.add({ ...SITE, name: 'Gasworks' }, 'key-1', ACTOR)),
    );
    expect(first).toEqual(second);
    await expect(sites.add({ ...SITE, name: 'Other' }, 'key-1', ACTOR)).rejects.toThrow(InputError);
  });

  it('are offered from the offices of the directory that are not entered', async () => {
    await sites.add({ ...SITE, name: 'Depot' }, null, ACTOR);
    await dataSource.query(
      `insert into person (entra_id, display_name, office_location, presence)
       select 'office-' || n, 'Person', case when n < 4 then 'Library' when n < 6 then 'DEPOT' when n < 8 then 'library'
                when n = 8 then ' Odd' when n = 9 then 'Left' end, case n when 9 then 'gone' else 'present' end
       from generate_series(1, 10) as n`,
    );
    expect(await read.sites.officesNotEntered()).toEqual([
      { name: expect.stringMatching(/library/i) as string, people: 5 },
    ]);
  });

  it('are entered by one of two who do so together', async () => {
    const add = (): Promise<unknown> => sites.add({ ...SITE, name: 'Raced' }, null, ACTOR);
    expect(await together(add, add, add)).toEqual(['ConflictError', 'ConflictError', 'done']);
  });
});

describe('links', () => {
  it('are entered, change and end, and only live ones count', async () => {
    const site = await newSite();
    let id = 0;
    const added = await auditedAs(dataSource, 'network-link.added', async () => {
      ({ id } = await links.add(site, LINK, null, ACTOR));
    });
    expect(added).toMatchObject({ subject: `network-link:${id}`, details: { site } });
    await links.add(site, { ...LINK, name: 'Next year', liveFrom: addDays(TODAY, 30) }, null, ACTOR);
    expect(await read.sites.one(site)).toMatchObject({ liveLinks: 1, downloadKbps: 1_000_000, uploadKbps: 500_000 });

    const version = async (): Promise<string> => (await read.links.one(id))?.version ?? '';
    await auditedAs(dataSource, 'network-link.changed', async () =>
      links.change(id, { ...LINK, uploadKbps: 600_000 }, await version(), ACTOR),
    );
    const seen = await version();
    const ended = await auditedAs(dataSource, 'network-link.ended', () =>
      links.end(id, { lastDay: addDays(TODAY, -1), reason: 'Replaced by fibre' }, seen, ACTOR),
    );
    expect(ended.details).toEqual({ site, until: addDays(TODAY, -1) });
    expect(await read.links.one(id)).toMatchObject({
      live: false,
      endReason: 'Replaced by fibre',
      uploadKbps: 600_000,
    });
    expect((await read.sites.one(site))?.liveLinks).toBe(0);
    await expect(links.end(id, { lastDay: TODAY, reason: 'No' }, seen, ACTOR)).rejects.toThrow(ChangedMeanwhileError);
  });

  it('cannot end before they begin', async () => {
    const site = await newSite();
    const { id } = await links.add(site, LINK, null, ACTOR);
    const version = async (): Promise<string> => (await read.links.one(id))?.version ?? '';
    await expect(links.end(id, { lastDay: '2024-03-31', reason: 'No' }, await version(), ACTOR)).rejects.toThrow(
      InputError,
    );
    await links.end(id, { lastDay: '2024-04-01', reason: 'One day' }, await version(), ACTOR);
    await expect(links.change(id, { ...LINK, liveFrom: '2024-04-02' }, await version(), ACTOR)).rejects.toThrow(
      InputError,
    );
  });

  it('belong to a site, have a name of their own there, and change what is said of it', async () => {
    const site = await newSite();
    await expect(links.add(9_999, LINK, null, ACTOR)).rejects.toThrow(NotFoundError);
    expect(await noted(() => links.add(site, LINK, null, ACTOR))).toEqual([`site:site ${count}`]);
    await expect(links.add(site, LINK, null, ACTOR)).rejects.toThrow(ConflictError);
    const race = (): Promise<unknown> => links.add(site, { ...LINK, name: 'Second line' }, null, ACTOR);
    expect(await together(race, race)).toEqual(['ConflictError', 'done']);
    expect((await read.links.ofSite(site)).map(({ name }) => name)).toEqual(['Main line', 'Second line']);
  });

  it('change once under a version, however many try', async () => {
    const { id } = await links.add(await newSite(), LINK, null, ACTOR);
    const version = (await read.links.one(id))?.version ?? '';
    const change = (): Promise<unknown> => links.change(id, { ...LINK, provider: null }, version, ACTOR);
    expect(await together(change, change, change)).toEqual(['ChangedMeanwhileError', 'ChangedMeanwhileError', 'done']);
  });
});

describe('surveys', () => {
  it('are kept with the file that proves them, until they are withdrawn', async () => {
    const site = await newSite();
    let id = 0;
    const added = await auditedAs(dataSource, 'wifi-survey.added', async () => {
      ({ id } = await surveys.add(site, SURVEY, PDF, null, ACTOR));
    });
    expect(added.details).toMatchObject({
      site,
      result: 'passed',
      digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(await read.surveys.file(id)).toEqual({
      fileName: 'survey.pdf',
      mediaType: 'application/pdf',
      content: PDF.content,
    });
    expect(await read.sites.one(site)).toMatchObject({ surveyedOn: SURVEY.surveyedOn, surveyResult: 'passed' });

    const version = (await read.surveys.one(id))?.version ?? '';
    const before = await noted(() =>
      auditedAs(dataSource, 'wifi-survey.withdrawn', () => surveys.withdraw(id, 'Of another building', version, ACTOR)),
    );
    expect(before).toEqual([`site:site ${count}`]);
    const withdrawn = await read.surveys.one(id);
    expect(withdrawn).toMatchObject({ withdrawnReason: 'Of another building', withdrawnBy: ACTOR });
    expect((await read.sites.one(site))?.surveyedOn).toBeNull();
    await expect(surveys.withdraw(id, 'Again', withdrawn?.version ?? '', ACTOR)).rejects.toThrow('withdrawn before');
  });

  it('get their file later, once', async () => {
    const { id } = await surveys.add(await newSite(), SURVEY, null, null, ACTOR);
    await expect(read.surveys.file(id)).rejects.toThrow(NotFoundError);
    const version = async (): Promise<string> => (await read.surveys.one(id))?.version ?? '';
    const seen = await version();
    await auditedAs(dataSource, 'wifi-survey.evidence-added', () => surveys.addEvidence(id, PDF, seen, ACTOR));
    await expect(surveys.addEvidence(id, PDF, seen, ACTOR)).rejects.toThrow(ChangedMeanwhileError);
    await expect(surveys.addEvidence(id, PDF, await version(), ACTOR)).rejects.toThrow('has its file');
  });

  it('are refused with impossible days or a file that is not what it says', async () => {
    const site = await newSite();
    const add = (input: Partial<SurveyInput>, file: typeof PDF | null = null): Promise<unknown> =>
      surveys.add(site, { ...SURVEY, ...input }, file, null, ACTOR);
    await expect(add({ surveyedOn: addDays(TODAY, 1) })).rejects.toThrow('in the future');
    await expect(add({ expiresOn: addDays(TODAY, -11) })).rejects.toThrow('not before the survey');
    await expect(add({}, { ...PDF, mediaType: 'image/png' })).rejects.toThrow(InputError);
    await expect(add({}, { ...PDF, mediaType: 'text/html' })).rejects.toMatchObject({ status: 415 });
    await expect(surveys.add(9_999, SURVEY, null, null, ACTOR)).rejects.toThrow(NotFoundError);
    expect(await read.surveys.ofSite(site)).toEqual([]);
  });
});

describe('gateways for remote access', () => {
  const GATEWAY = { name: 'Gateway', sessions: 800, downloadKbps: 2_000_000, uploadKbps: 1_000_000, allTraffic: true };

  it('are entered, change and go, and everything depends on them', async () => {
    let id = 0;
    const notes = await noted(() =>
      auditedAs(dataSource, 'remote-access.added', async () => {
        ({ id } = await gateways.add(GATEWAY, null, ACTOR));
      }),
    );
    expect(notes).toEqual(['everything:']);
    expect(await read.gateways.one(id)).toMatchObject(GATEWAY);
    const add = (): Promise<unknown> => gateways.add({ ...GATEWAY, name: 'Raced' }, null, ACTOR);
    expect(await together(add, add)).toEqual(['ConflictError', 'done']);

    const version = async (): Promise<string> => (await read.gateways.one(id))?.version ?? '';
    await expect(gateways.change(id, { ...GATEWAY, name: 'raced' }, await version(), ACTOR)).rejects.toThrow(
      ConflictError,
    );
    const seen = await version();
    await auditedAs(dataSource, 'remote-access.changed', () =>
      gateways.change(id, { ...GATEWAY, sessions: 900 }, seen, ACTOR),
    );
    await expect(gateways.change(id, GATEWAY, seen, ACTOR)).rejects.toThrow(ChangedMeanwhileError);

    await dataSource.query(
      `insert into network_range (kind, network, remote_access_id, changed_by) values ('remote_access', '10.99.0.0/16', $1, $2)`,
      [id, ACTOR],
    );
    await expect(gateways.remove(id, 'Gone', await version(), ACTOR)).rejects.toThrow('Ranges of addresses belong');
    await dataSource.query('delete from network_range');
    const last = await version();
    await auditedAs(dataSource, 'remote-access.removed', () => gateways.remove(id, 'Replaced', last, ACTOR));
    expect(await read.gateways.one(id)).toBeNull();
    const [removed] = await dataSource.query<object[]>('select kind, record, reason, actor from network_removal');
    expect(removed).toMatchObject({
      kind: 'remote_access',
      record: { name: 'Gateway', sessions: 900 },
      reason: 'Replaced',
    });
  });
});
