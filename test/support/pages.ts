import type { DataSource } from 'typeorm';
import type { Permission, Role } from '../../src/auth/permissions.js';
import type { RoutePolicy } from '../../src/auth/route-policies.js';
import { surfaceOf } from '../../src/auth/surface.js';
import { APPROVAL_PAGES, insertApprovals, type ApprovalPageRecords } from './approval-pages.js';
import { HELD_SKU, insertEstate, insertRuns } from './estate-rows.js';
import { insertFulfilment, type FulfilmentRows } from './fulfilment-rows.js';
import { answerMove, READINESS_SETTINGS } from './readiness-fixture.js';
import { RangesQueries } from '../../src/network/sites/ranges.queries.js';
import { RangesService } from '../../src/network/sites/ranges.service.js';
import { RemoteAccessService } from '../../src/network/sites/remote-access.service.js';
import { SurveysService } from '../../src/network/sites/surveys.service.js';
import { Transactor } from '../../src/database/transactor.js';
import { SnapshotService } from '../../src/rollout/burndown/snapshot.service.js';
import { startRollout } from './rollout-fixture.js';
import { enterSite, networkGate } from './site-network-fixture.js';
import { signIn, type AccountStore, type TestSession } from './sign-in.js';
import { insertOrders, ORDER_PAGES, type OrderPageRecords } from './order-pages.js';
import { insertRequests, REQUEST_PAGES, type RequestPageRecords } from './request-pages.js';
import { insertStock, STOCK_PAGES, type StockPageRecords } from './stock-pages.js';

/** Who looks at pages: one of each app role, somebody who leads others, and somebody with no role at all. */
export const VIEWERS = [
  'service-desk',
  'stock-holder',
  'engineer',
  'rollout-manager',
  'approver',
  'reviewer',
  'administrator',
  'manager',
  'staff',
] as const;
export type Viewer = (typeof VIEWERS)[number];

/** Records that pages are opened for. */
export interface PageRecords
  extends ApprovalPageRecords, FulfilmentRows, RequestPageRecords, StockPageRecords, OrderPageRecords {
  readonly device: number;
  readonly person: number;
  readonly run: number;
  readonly failedRun: number;
  readonly hold: number;
  readonly review: number;
  readonly decision: number;
  readonly savedView: number;
  readonly token: number;
  readonly bulk: number;
  readonly import: number;
  readonly message: number;
  readonly mail: number;
  readonly move: number;
  /** Of the viewer without a role, whom the manager leads. */
  readonly ownMove: number;
  readonly waiver: number;
  readonly application: number;
  readonly wave: number;
  readonly slot: number;
  readonly booking: number;
  /** At which everybody's move has something to wait for. */
  readonly networkSite: number;
  readonly networkLink: number;
  readonly wifiSurvey: number;
  readonly networkRange: number;
  readonly remoteAccess: number;
  readonly networkImport: number;
}

type Address = (records: PageRecords) => string;

/**
 * Every page by its route, with the addresses at which it is looked at; the first is the plain page. `null` stands for a
 * route that answers with no page of its own.
 */
export const PAGES: Readonly<Record<string, readonly Address[] | null>> = {
  '/': [() => '/'],
  '/status': [() => '/status'],
  '/search': [
    () => '/search',
    () => '/search?q=Shah',
    () => '/search?q=LT-0000001',
    () => '/search?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E',
    () => '/search?q=a&q=b',
  ],
  '/search/suggestions': null,
  '/devices': [() => '/devices', () => '/devices?limit=10&compliance=compliant'],
  '/devices/:id': [({ device }) => `/devices/${device}`, () => '/devices/2000000'],
  '/devices/:id/label': [({ device }) => `/devices/${device}/label`],
  '/devices/:id/custody': [({ device }) => `/devices/${device}/custody`],
  '/devices/:id/settle': [({ device }) => `/devices/${device}/settle`],
  '/devices/:id/:command': ['hand-over', 'receive', 'wipe', 'dispose', 'report-stolen', 'note'].map(
    (command): Address =>
      ({ device }) =>
        `/devices/${device}/${command}`,
  ),
  '/devices/:id/evidence': [({ device }) => `/devices/${device}/evidence`],
  // A file that people kept with a machine.
  '/devices/:id/evidence/:evidenceId': null,
  '/devices/bulk': [() => '/devices/bulk', ({ device }) => `/devices/bulk?command=hand-over&device=${device}`],
  '/devices/bulk/:bulkId': [({ bulk }) => `/devices/bulk/${bulk}`],
  '/stock/receive': [() => '/stock/receive'],
  ...STOCK_PAGES,
  ...ORDER_PAGES,
  '/people': [() => '/people'],
  '/people/:id': [({ person }) => `/people/${person}`],
  '/me': [() => '/me'],
  '/me/connection': [() => '/me/connection', () => '/me/connection?limit=1'],
  // Bytes for the script of the check.
  '/me/connection/transfers/:ticket/down': null,
  '/licences': [() => '/licences'],
  '/licences/:skuId': [() => `/licences/${HELD_SKU}`],
  '/models': [() => '/models'],
  '/models/decision': [() => '/models/decision?manufacturer=HP&model=Model%201'],
  '/reviews': [() => '/reviews'],
  '/reviews/:id': [({ review }) => `/reviews/${review}`],
  '/decisions': [() => '/decisions'],
  '/decisions/:id': [({ decision }) => `/decisions/${decision}`],
  '/leavers': [() => '/leavers'],
  '/rollout': [() => '/rollout', () => '/rollout?on=31/2/2026'],
  '/rollout/forecast': [() => '/rollout/forecast'],
  '/rollout/moves': [() => '/rollout/moves', () => '/rollout/moves?standing=in_scope'],
  '/rollout/desktops': [() => '/rollout/desktops'],
  '/rollout/scope/people': [() => '/rollout/scope/people'],
  '/rollout/scope/desktops': [() => '/rollout/scope/desktops'],
  '/rollout/blockers': [() => '/rollout/blockers', () => '/rollout/blockers?rule=laptop&owner=nobody'],
  '/rollout/what-if': [
    () => '/rollout/what-if',
    () => '/rollout/what-if?rule1=laptop&outcome1=ready&for1=all&value1=',
    () => '/rollout/what-if?rule1=laptop&outcome1=ready&for1=site&value1=',
  ],
  '/rollout/applications': [() => '/rollout/applications'],
  '/rollout/applications/new': [() => '/rollout/applications/new'],
  '/rollout/applications/:id': [({ application }) => `/rollout/applications/${application}`],
  '/rollout/settings': [() => '/rollout/settings'],
  '/network': [() => '/network', () => '/network?verdict=not_ready', () => '/network?verdict=perhaps'],
  '/network/fixes': [() => '/network/fixes', ({ wave }) => `/network/fixes?waveId=${wave}`],
  '/network/remote-access': [() => '/network/remote-access'],
  '/network/sites/:id': [
    ({ networkSite }) => `/network/sites/${networkSite}`,
    ({ networkSite }) => `/network/sites/${networkSite}?in-video=50&usable-link=lots`,
    () => '/network/sites/2000000',
  ],
  '/network/sites/new': [() => '/network/sites/new'],
  '/network/sites/:id/edit': [({ networkSite }) => `/network/sites/${networkSite}/edit`],
  '/network/sites/:id/links/new': [({ networkSite }) => `/network/sites/${networkSite}/links/new`],
  '/network/links/:id': [({ networkLink }) => `/network/links/${networkLink}`],
  '/network/links/:id/end': [({ networkLink }) => `/network/links/${networkLink}/end`],
  '/network/sites/:id/surveys/new': [({ networkSite }) => `/network/sites/${networkSite}/surveys/new`],
  '/network/surveys/:id': [({ wifiSurvey }) => `/network/surveys/${wifiSurvey}`],
  // A file that people kept with a survey.
  '/network/surveys/:id/evidence': null,
  '/network/ranges': [
    () => '/network/ranges',
    () => '/network/ranges?contains=10.20.1.9',
    () => '/network/ranges?contains=here',
  ],
  '/network/ranges/new': [() => '/network/ranges/new'],
  '/network/ranges/:id': [({ networkRange }) => `/network/ranges/${networkRange}`],
  '/network/ranges/:id/remove': [({ networkRange }) => `/network/ranges/${networkRange}/remove`],
  '/network/remote-access/new': [() => '/network/remote-access/new'],
  '/network/remote-access/:id': [({ remoteAccess }) => `/network/remote-access/${remoteAccess}`],
  '/network/remote-access/:id/remove': [({ remoteAccess }) => `/network/remote-access/${remoteAccess}/remove`],
  '/network/imports': [() => '/network/imports', () => '/network/imports?kind=sites&state=checked'],
  '/network/imports/new': [() => '/network/imports/new'],
  '/network/imports/:id': [
    ({ networkImport }) => `/network/imports/${networkImport}`,
    ({ networkImport }) => `/network/imports/${networkImport}?outcome=refused`,
  ],
  '/network/areas': [() => '/network/areas', () => '/network/areas?search=so14'],
  '/network/settings': [() => '/network/settings'],
  '/moves/:id/waivers': [({ move }) => `/moves/${move}/waivers`],
  '/moves/:id/waivers/:waiverId': [({ move, waiver }) => `/moves/${move}/waivers/${waiver}`],
  '/rollout/workbench': [() => '/rollout/workbench', () => '/rollout/workbench?state=blocked&missed=x'],
  '/rollout/workbench/bulk': [
    () => '/rollout/workbench/bulk',
    () => '/rollout/workbench/bulk?site=Library&statement=defer',
    () => '/rollout/workbench/bulk?site=Nowhere',
  ],
  '/rollout/programme': [() => '/rollout/programme'],
  '/rollout/programme/left-out': [() => '/rollout/programme/left-out?reason=not-staff'],
  // While a programme runs, these two lead to it; their specs look at them.
  '/rollout/programme/plan': [() => '/rollout/programme/plan'],
  '/rollout/programme/start': [() => '/rollout/programme/start'],
  '/rollout/programme/close': [() => '/rollout/programme/close'],
  '/moves/:id': [({ move }) => `/moves/${move}`, ({ ownMove }) => `/moves/${ownMove}`, () => '/moves/2000000'],
  '/moves/:id/:statement': [
    'defer',
    'exempt',
    'confirm-work-style',
    'state-desktop',
    'release-desktop',
    'retract',
    'reopen',
  ].map(
    (statement): Address =>
      ({ move }) =>
        `/moves/${move}/${statement}`,
  ),
  '/moves/:id/answers': [({ move }) => `/moves/${move}/answers`, ({ ownMove }) => `/moves/${ownMove}/answers`],
  '/my-move': [() => '/my-move'],
  '/my-day': [() => '/my-day', () => '/my-day?who=all', () => '/my-day?day=31%2F2%2F2026'],
  '/appointments/:id': [({ booking }) => `/appointments/${booking}`, () => '/appointments/2000000'],
  '/my-team': [() => '/my-team', () => '/my-team?who=all&state=closed'],
  '/rollout/waves': [() => '/rollout/waves'],
  '/rollout/waves/new': [() => '/rollout/waves/new'],
  '/rollout/waves/:id': [({ wave }) => `/rollout/waves/${wave}`],
  '/rollout/slots': [() => '/rollout/slots', () => '/rollout/slots?day=2026-11-30&site=Library'],
  '/rollout/slots/new': [() => '/rollout/slots/new'],
  '/rollout/slots/closures': [() => '/rollout/slots/closures'],
  '/rollout/slots/:id': [({ slot }) => `/rollout/slots/${slot}`],
  '/moves/:id/book': [({ move }) => `/moves/${move + 1}/book`, ({ move }) => `/moves/${move}/book`],
  '/moves/:id/delegates': [({ move }) => `/moves/${move}/delegates`],
  '/my-calendar': [() => '/my-calendar'],
  // For calendar programs, who send no cookie.
  '/calendar/:file': null,
  ...REQUEST_PAGES,
  '/requests/messages': [() => '/requests/messages'],
  '/requests/messages/:template': [
    () => '/requests/messages/request-submitted',
    ({ request }) => `/requests/messages/confirm-receipt?request=${request}`,
    () => '/requests/messages/low-stock',
    () => '/requests/messages/nothing',
  ],
  '/requests/to-confirm': [() => '/requests/to-confirm'],
  ...APPROVAL_PAGES,
  '/stock/picking': [
    () => '/stock/picking',
    () => '/stock/picking?person=nobody',
    () => '/stock/picking?neededUntil=31/2/2026',
  ],
  '/stock/picking/places/:id': [
    ({ pickPlace }) => `/stock/picking/places/${pickPlace}`,
    ({ pickPlace }) => `/stock/picking/places/${pickPlace}?neededUntil=2026-11-23`,
  ],
  '/stock/picking/:id': [
    ({ reservation }) => `/stock/picking/${reservation}`,
    ({ machineReservation }) => `/stock/picking/${machineReservation}`,
    () => '/stock/picking/2000000',
  ],
  '/stock/picks': [() => '/stock/picks', () => '/stock/picks?open=true&person=nobody'],
  '/stock/picks/:id': [
    ({ pick }) => `/stock/picks/${pick}`,
    ({ givenPick }) => `/stock/picks/${givenPick}`,
    () => '/stock/picks/2000000',
  ],
  '/rollout/messages': [() => '/rollout/messages'],
  '/rollout/messages/:template': [
    () => '/rollout/messages/booked',
    () => '/rollout/messages/ten-days?move=1',
    () => '/rollout/messages/nothing',
  ],
  '/messages/undelivered': [() => '/messages/undelivered', () => '/messages/undelivered?state=dead'],
  '/messages/:id': [({ message }) => `/messages/${message}`],
  '/demonstration/mailbox': [() => '/demonstration/mailbox'],
  '/demonstration/mailbox/:id': [({ mail }) => `/demonstration/mailbox/${mail}`],
  '/sync': [() => '/sync'],
  '/sync/progress': null,
  '/sync/runs/:id': [({ run }) => `/sync/runs/${run}`, ({ failedRun }) => `/sync/runs/${failedRun}`],
  '/sync/sources/:source': [() => '/sync/sources/users', () => '/sync/sources/autopilot'],
  '/sync/sources/:source/read': [() => '/sync/sources/users/read'],
  '/sync/sources/:source/pause': [() => '/sync/sources/users/pause'],
  '/held': [() => '/held'],
  '/held/:id': [({ hold }) => `/held/${hold}`],
  '/held/:id/release': [({ hold }) => `/held/${hold}/release`],
  '/imports': [() => '/imports'],
  '/imports/new': [() => '/imports/new'],
  '/imports/:id': [(records) => `/imports/${records.import}`],
  '/imports/:id/rows/:line': [(records) => `/imports/${records.import}/rows/3`],
  '/saved-views': [() => '/saved-views'],
  '/saved-views/new': [() => '/saved-views/new?list=devices&query=limit%3D10'],
  '/saved-views/:id': [({ savedView }) => `/saved-views/${savedView}`],
  '/audit': [() => '/audit'],
  '/tokens': [() => '/tokens'],
  '/tokens/new': [() => '/tokens/new'],
  '/tokens/:id/revoke': [({ token }) => `/tokens/${token}/revoke`],
  '/sign-out': [() => '/sign-out'],
  // The sign-in service answers these.
  '/sign-in': null,
  '/sign-in/callback': [() => '/sign-in/callback'],
  '/accessibility': [() => '/accessibility'],
  '/cookies': [() => '/cookies'],
  '/api/docs': [() => '/api/docs'],
};

/** One page to look at. */
export interface PageToLookAt {
  readonly route: string;
  readonly address: string;
  readonly permission: Permission | null;
}

/** The routes that answer a browser with a page, or might. */
export function pageRoutes(routes: readonly RoutePolicy[]): RoutePolicy[] {
  return routes.filter(({ method, path }) => method === 'GET' && surfaceOf(path) === 'page');
}

/** Pages that nobody has listed above, and those that are listed and that the application does not have. */
export function strayPages(routes: readonly RoutePolicy[]): { unlisted: string[]; gone: string[] } {
  const found = pageRoutes(routes).map(({ path }) => path);
  return {
    unlisted: found.filter((route) => !(route in PAGES)),
    gone: Object.keys(PAGES).filter((route) => !found.includes(route)),
  };
}

/** Every page of the application that runs, at all its addresses. */
export function pagesOf(routes: readonly RoutePolicy[], records: PageRecords): PageToLookAt[] {
  const pages = pageRoutes(routes).flatMap(({ path, policy }) =>
    (PAGES[path] ?? []).map((address) => ({
      route: path,
      address: address(records),
      permission: policy?.kind === 'permission' ? policy.permission : null,
    })),
  );
  // An address that no route has is a page, too.
  return [...pages, { route: 'no route', address: '/nothing', permission: null }];
}

/** Fills the database with something for every page to show, and signs everybody in. */
export async function preparePages(
  database: AccountStore & { readonly dataSource: DataSource },
  origin: string,
): Promise<{ records: PageRecords; sessions: Readonly<Record<Viewer, TestSession>> }> {
  const { dataSource } = database;
  await insertEstate(dataSource, { people: 60, devices: 150 });
  await insertRuns(dataSource);
  const sessions: Partial<Record<Viewer, TestSession>> = {};
  for (const viewer of VIEWERS) {
    const role: Role | null = viewer === 'manager' || viewer === 'staff' ? null : viewer;
    sessions[viewer] = await signIn(database, origin, role);
  }
  const everybody = sessions as Readonly<Record<Viewer, TestSession>>;
  await dataSource.query(`update person set manager_entra_id = $1 where entra_id = $2`, [
    everybody.manager.entraId,
    everybody.staff.entraId,
  ]);
  const records = await insertRecords(dataSource, everybody);
  await new SnapshotService(dataSource, new Transactor(dataSource)).takeMissing('system:schedule');
  return { records, sessions: everybody };
}

async function insertRecords(
  dataSource: DataSource,
  sessions: Readonly<Record<Viewer, TestSession>>,
): Promise<PageRecords> {
  const { accountId, entraId } = sessions.administrator;
  await dataSource.query(
    `insert into connection_check (person_entra_id, place, connection, method, samples, round_trip_ms, jitter_ms, late_ratio,
       download_kbps, upload_kbps, submission)
     select $1, place, 'wifi', 'browser', 30, 20, 3, 0, 50000, upload, gen_random_uuid()
     from (values ('home', 10000), ('remote_access', 900), ('unknown', 20)) as measured(place, upload)`,
    [entraId],
  );
  const id = async (statement: string, parameters: unknown[] = []): Promise<number> => {
    const [row] = await dataSource.query<{ id: number }[]>(statement, parameters);
    if (!row) throw new Error(`Nothing to look at: ${statement}`);
    return row.id;
  };
  const { siteId, linkId } = await enterSite(dataSource, 'Library', { uploadKbps: 2_000, survey: 'failed' });
  return {
    networkSite: siteId,
    networkLink: linkId,
    ...(await enterInventory(dataSource, siteId)),
    networkImport: await id(
      `with import as (
         insert into network_import (kind, state, file_name, format, counts, rows_read, columns, created_by, checked_at)
         values ('sites', 'checked', 'Sites.csv', 'csv', '{"new": 1, "changed": 1, "refused": 1}', 3,
                 '[{"header": "site", "field": "name"}, {"header": "desks", "field": "desks"}]', $1, now()) returning id),
       rows as (insert into network_import_row (import_id, line, outcome, fields, changes, problems)
         select import.id, row.line, row.outcome, row.fields::jsonb, row.changes::jsonb, row.problems::jsonb
         from import, (values (2, 'new', '{"name": "Depot", "desks": 12}', '{}', '[]'),
                              (3, 'changed', '{"name": "Library", "desks": 40}', '{"desks": {"from": null, "to": 40}}', '[]'),
                              (4, 'refused', '{"name": "Archive"}', '{}', '[{"severity": "refused", "column": "desks", "message": "This is not a number.", "fix": "Write it in digits."}]'))
                      as row(line, outcome, fields, changes, problems)),
       areas as (insert into area_coverage (area_kind, area_code, area_name, snapshot, postcodes, superfast_percent, import_id)
         select area.kind, area.code, area.name, date '2026-01-01', area.postcodes, 98.1, import.id
         from import, (values ('authority', 'E06000045', 'SOUTHAMPTON', null), ('postcode_district', 'SO14', null, 812))
                      as area(kind, code, name, postcodes))
       select id from import`,
      [`person:${entraId}`],
    ),
    device: await id('select min(id) as id from device'),
    person: await id(`select min(id) as id from person where presence = 'present'`),
    run: await id(`select id from sync_run where status = 'held'`),
    failedRun: await id(`select id from sync_run where status = 'failed'`),
    hold: await id('select min(id) as id from sync_hold'),
    review: await id(
      `with review as (
         insert into device_review (kind, fingerprint, evidence)
         select 'same_serial', 'pages', jsonb_build_object(
           'shared', jsonb_build_object('kind', 'serial', 'value', 'SN000000007919'),
           'machines', jsonb_build_array(jsonb_build_array(min(id)), jsonb_build_array(max(id))))
         from device_record returning id),
       records as (insert into device_review_record select review.id, record.id from review, device_record as record
         where record.id in (select min(id) from device_record union select max(id) from device_record))
       select id from review`,
    ),
    decision: await id(
      `with decision as (
         insert into device_decision (kind, reason, decided_by) values ('split', 'Seen both', 'person:somebody') returning id),
       records as (insert into device_decision_record select decision.id, source, external_id, 1
         from decision, device_record where device_record.device_id = (select min(id) from device))
       select id from decision`,
    ),
    savedView: await id(
      `insert into saved_view (owner_entra_id, list, name, query) values ($1, 'devices', 'Mine', 'limit=10') returning id`,
      [entraId],
    ),
    token: await id(
      `insert into api_token (secret_hash, prefix, name, account_id, scopes, issued_by, expires_at)
       values ('\\x00', 'untether_abc', 'Nightly export', $1, '{estate:read}', 'system:test', now() + interval '1 day')
       returning id`,
      [accountId],
    ),
    bulk: await id(
      `with bulk as (
         insert into custody_bulk (command, input, actor) values ('note', '{"note": "Counted"}', $1) returning id),
       lines as (insert into custody_bulk_line (bulk_id, line, given, device_id, version, outcome, reason)
         select bulk.id, device.id, '#' || device.id, device.id, 0, case when device.id % 2 = 0 then 'ready' else 'refused' end,
                case when device.id % 2 = 1 then 'It is not known yet where this machine is.' end
         from bulk, device where device.id <= 10)
       select id from bulk`,
      [`person:${sessions['stock-holder'].entraId}`],
    ),
    message: await id(
      `insert into message (event, recipient_entra_id, template, message_key, use_by, state, attempts, last_error)
       values ('pages:uncertain', $1, 'booked', 'pages-uncertain', now() + interval '2 days', 'uncertain', 1, 'connection-lost'),
              ('pages:dead', $1, 'two-days', 'pages-dead', now() + interval '2 days', 'dead', 10, 'smtp-450')
       returning id::integer`,
      [entraId],
    ),
    ...(await insertReadiness(dataSource, sessions, id)),
    ...(await insertRequests(dataSource, sessions)),
    ...(await insertStock(dataSource)),
    ...(await insertOrders(dataSource)),
    ...(await insertApprovals(dataSource, sessions, 'CC-PAGES')),
    ...(await insertFulfilment(dataSource, {
      manager: sessions.manager.entraId,
      beneficiary: sessions.staff.entraId,
    })),
    mail: await id(
      `with sent as (
         insert into message (event, recipient_entra_id, template, message_key, use_by, state, attempts, ended_at)
         values ('pages:sent', $1, 'booked', 'pages-sent', now() + interval '2 days', 'sent', 1, now()) returning id)
       insert into demonstration_mail (message_id, recipient_address, subject, text, html)
       select id, 'somebody@council.example', 'Your laptop: appointment on Monday 30 November 2026',
              E'Hello Ada,\n\nYou get your laptop on Monday 30 November 2026 at 9am.\n\nSee your move:\nhttp://localhost:3000/my-move\n', '<p></p>'
       from sent returning id::integer`,
      [entraId],
    ),
    import: await id(
      `with import as (
         insert into register_import (state, file_name, format, counts, columns, started_by, checked_at)
         values ('checked', 'Stock list.csv', 'csv', '{"new": 1, "changed": 0, "unchanged": 0, "conflict": 1, "refused": 1}',
                 '[{"header": "Asset Tag", "field": "assetTag"}]', $1, now()) returning id),
       rows as (insert into register_import_row (import_id, line, outcome, fields, problems, conflict, candidate_device_ids)
         select import.id, row.line, row.outcome, '{"assetTag": "WC-0001"}', row.problems::jsonb, row.conflict,
                case when row.outcome = 'conflict' then array(select id from device order by id limit 2) else '{}' end
         from import, (values (2, 'new', '[]', null),
                              (3, 'conflict', '[]', 'several-machines'),
                              (4, 'refused', '[{"severity": "refused", "column": "Asset Tag", "field": "assetTag", "message": "The tag is in line 2 too.", "fix": "Keep one of the two rows."}]', null))
                      as row(line, outcome, problems, conflict))
       select id from import`,
      [`person:${sessions['stock-holder'].entraId}`],
    ),
  };
}

/** A survey with its file, a gateway, a range that counts and one that was removed. */
async function enterInventory(
  dataSource: DataSource,
  siteId: number,
): Promise<Pick<PageRecords, 'wifiSurvey' | 'networkRange' | 'remoteAccess'>> {
  const transactor = new Transactor(dataSource);
  const actor = 'system:test';
  const survey = await new SurveysService(transactor).add(
    siteId,
    { surveyedOn: '2026-10-01', result: 'failed', floors: 'First floor', clientsSupported: 40, expiresOn: null },
    { name: 'survey.txt', mediaType: 'text/plain', content: Buffer.from('Dead spots by the lift.') },
    null,
    actor,
  );
  const gateway = await new RemoteAccessService(transactor).add(
    { name: 'VPN', sessions: 2, downloadKbps: 10_000, uploadKbps: 10_000, allTraffic: true },
    null,
    actor,
  );
  const ranges = new RangesService(transactor);
  const subnet = { kind: 'site_subnet', siteId, remoteAccessId: null, note: 'Ground floor' } as const;
  const range = await ranges.add({ ...subnet, network: '10.20.1.0/24' }, null, actor);
  const removed = await ranges.add({ ...subnet, network: '10.20.2.0/24' }, null, actor);
  const { version } = (await new RangesQueries(dataSource).one(removed.id)) ?? { version: '' };
  await ranges.remove(removed.id, 'Given to another building', version, actor);
  return { wifiSurvey: survey.id, networkRange: range.id, remoteAccess: gateway.id };
}

/** A programme in which something stands in everybody's way, with a waiver and an application. */
async function insertReadiness(
  dataSource: DataSource,
  sessions: Readonly<Record<Viewer, TestSession>>,
  id: (statement: string, parameters?: unknown[]) => Promise<number>,
): Promise<Pick<PageRecords, 'move' | 'ownMove' | 'waiver' | 'application' | 'wave' | 'slot' | 'booking'>> {
  const { programmeId, moves, people } = await startRollout(dataSource, { people: 6, settings: READINESS_SETTINGS });
  const move = moves[1] ?? 0;
  const waiver = await id(
    `insert into readiness_waiver (move_id, rule, reason, expires_on, granted_by)
     values ($1, 'training', 'Knows it from elsewhere', current_date + 30, 'person:somebody') returning id`,
    [move],
  );
  const application = await id(
    `insert into rollout_application (programme_id, name, state, owner, changed_by)
     values ($1, 'Uniform', 'not_ready', 'Planning systems', 'person:somebody') returning id`,
    [programmeId],
  );
  const wave = await id(
    `insert into wave (programme_id, name, starts_on, ends_on, filter, created_by)
     values ($1, 'First wave', current_date + 7, current_date + 20, '{"site": "Library"}', 'person:somebody') returning id`,
    [programmeId],
  );
  await dataSource.query(
    `with member as (insert into wave_member (move_id, wave_id, source, added_by) values ($1, $2, 'query', 'person:somebody'))
     update move set wave_id = $2 where id = $1`,
    [move, wave],
  );
  const slot = await id(
    `insert into slot (programme_id, site, engineer_entra_id, starts_at, ends_at, cut_off_at, capacity, created_by)
     select $1, 'Library', $2, at, at + interval '1 hour', at - interval '16 hours', 4, 'person:somebody'
     from (select (current_date + 8 + hour * interval '1 hour') at time zone 'Europe/London' as at from generate_series(9, 10) as hour) as time
     returning id`,
    [programmeId, people[0]],
  );
  const booking = await id(
    `insert into booking (move_id, slot_id, slot_capacity, slot_state, place, state, booked_by)
     values ($1, $2, 4, 'open', 1, 'booked', 'person:somebody') returning id`,
    [moves[2], slot],
  );
  const ownMove = await id(
    `with own as (insert into move (programme_id, person_entra_id, manager_entra_id, team, site)
       values ($1, $2, $3, 'Care', 'Library') returning id),
     fact as (insert into move_fact (programme_id, move_id, kind, at, details, key, actor)
       select $1, id, 'entered-scope', now(), '{"reason": "joiner"}', 'pages:own', 'system:test' from own)
     select id from own`,
    [programmeId, sessions.staff.entraId, sessions.manager.entraId],
  );
  await answerMove(dataSource, move, 'applications', 'listed', { applications: ['Uniform'] });
  const { readiness, transactor } = networkGate(dataSource);
  await transactor.run((tx) => readiness.evaluate(tx, programmeId, 'all', new Date()));
  return { move, ownMove, waiver, application, wave, slot, booking };
}
