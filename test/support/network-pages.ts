import type { DataSource } from 'typeorm';
import type { Actor } from '../../src/audit/actor.js';
import { Transactor } from '../../src/database/transactor.js';
import { RangesQueries } from '../../src/network/sites/ranges.queries.js';
import { RangesService } from '../../src/network/sites/ranges.service.js';
import { RemoteAccessService } from '../../src/network/sites/remote-access.service.js';
import { SurveysService } from '../../src/network/sites/surveys.service.js';
import { enterSite } from './site-network-fixture.js';
import { storedId } from './stored-id.js';

/** Records that pages of the networks show. */
export interface NetworkPageRecords {
  /** At which everybody's move has something to wait for. */
  readonly networkSite: number;
  readonly networkLink: number;
  readonly wifiSurvey: number;
  readonly networkRange: number;
  readonly remoteAccess: number;
  readonly networkImport: number;
}

type Address = (records: NetworkPageRecords & { readonly wave: number }) => string;

/** Pages of the networks by their routes, as `PAGES` has them. */
export const NETWORK_PAGES: Readonly<Record<string, readonly Address[] | null>> = {
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
};

/** A site whose link is too narrow, with what is entered about it, and a list that was checked and not yet taken over. */
export async function insertNetwork(dataSource: DataSource, actor: Actor): Promise<NetworkPageRecords> {
  const { siteId, linkId } = await enterSite(dataSource, 'Library', { uploadKbps: 2_000, survey: 'failed' });
  const networkImport = await storedId(dataSource)(
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
    [actor],
  );
  return {
    networkSite: siteId,
    networkLink: linkId,
    ...(await enterInventory(dataSource, siteId, actor)),
    networkImport,
  };
}

/** A survey with its file, a gateway, a range that counts and one that was removed. */
async function enterInventory(
  dataSource: DataSource,
  siteId: number,
  actor: Actor,
): Promise<Pick<NetworkPageRecords, 'wifiSurvey' | 'networkRange' | 'remoteAccess'>> {
  const transactor = new Transactor(dataSource);
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
