import type { DataSource } from 'typeorm';
import type { Permission, Role } from '../../src/auth/permissions.js';
import type { RoutePolicy } from '../../src/auth/route-policies.js';
import { surfaceOf } from '../../src/auth/surface.js';
import { APPROVAL_PAGES, insertApprovals, type ApprovalPageRecords } from './approval-pages.js';
import { HELD_SKU, insertEstate, insertRuns } from './estate-rows.js';
import { insertFulfilment, type FulfilmentRows } from './fulfilment-rows.js';
import { Transactor } from '../../src/database/transactor.js';
import { FormFactorService } from '../../src/devices/form-factor.service.js';
import { SnapshotService } from '../../src/rollout/burndown/snapshot.service.js';
import { storedId } from './stored-id.js';
import { signIn, type AccountStore, type TestSession } from './sign-in.js';
import { insertNetwork, NETWORK_PAGES, type NetworkPageRecords } from './network-pages.js';
import { insertOrders, ORDER_PAGES, type OrderPageRecords } from './order-pages.js';
import { insertRequests, REQUEST_PAGES, type RequestPageRecords } from './request-pages.js';
import { insertMoves, ROLLOUT_PAGES, type RolloutPageRecords } from './rollout-pages.js';
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
  extends
    ApprovalPageRecords,
    FulfilmentRows,
    NetworkPageRecords,
    OrderPageRecords,
    RequestPageRecords,
    RolloutPageRecords,
    StockPageRecords {
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
  '/devices': [() => '/devices', () => '/devices?limit=10&complianceState=compliant'],
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
  ...ROLLOUT_PAGES,
  ...NETWORK_PAGES,
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
  await new FormFactorService(new Transactor(dataSource)).classifyPending();
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
  const id = storedId(dataSource);
  return {
    ...(await insertNetwork(dataSource, `person:${entraId}`)),
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
    ...(await insertMoves(dataSource, sessions)),
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
