import type { Actor } from '../audit/actor.js';
import { shownNumber } from '../common/uk-time.js';
import { Transactor } from '../database/transactor.js';
import type { NetworkStory, StorySite } from '../demo/tenant/network-records.js';
import { ChecksTakeOverService } from '../network/connection-check/checks-take-over.service.js';
import { LinksService } from '../network/sites/links.service.js';
import { RangesService } from '../network/sites/ranges.service.js';
import { RemoteAccessService } from '../network/sites/remote-access.service.js';
import { SitesService } from '../network/sites/sites.service.js';
import { SurveysService } from '../network/sites/surveys.service.js';
import { importFiles } from './network-entry-files.js';

const DEMONSTRATION: Actor = 'system:demonstration';

/** Whether the demonstration's networks are still to be entered: nobody else entered a site, and the last step is not done. */
export async function isNetworkOpen(transactor: Transactor): Promise<boolean> {
  const [state] = await transactor.run((tx) =>
    tx.query<{ open: boolean }[]>(
      `select not exists (select from network_site where changed_by <> $1)
          and not exists (select from audit_event where event = 'connection-check.taken-over' and actor = $1) as open`,
      [DEMONSTRATION],
    ),
  );
  return state?.open === true;
}

/**
 * Enters what a network team knows, each thing once however often it is begun.
 * @param tell hears what is about to be done
 */
export async function enterNetworks(
  connection: ConstructorParameters<typeof Transactor>[0],
  story: NetworkStory,
  tell: (text: string) => void,
): Promise<void> {
  const transactor = new Transactor(connection);
  tell(`${story.sites.length} sites with their lines, surveys and addresses`);
  for (const site of story.sites) await enterSite(transactor, site);
  await enterRemoteAccess(transactor, story);
  tell(`${story.siteTests.length} tests at sites, and the coverage of ${story.coverage.areas.length} areas`);
  await importFiles(connection, story, DEMONSTRATION);
  tell(`${shownNumber(story.checks.length)} connection checks of eight weeks`);
  await enterChecks(transactor, story);
}

async function enterSite(transactor: Transactor, site: StorySite): Promise<void> {
  const { name, desks, docks, wiredPorts, links, surveys, subnet, egress } = site;
  const sites = new SitesService(transactor);
  const { id } = await sites.add({ name, desks, docks, wiredPorts }, keyOf('site', name), DEMONSTRATION);
  for (const link of links) {
    await new LinksService(transactor).add(id, link, keyOf('link', name, link.name), DEMONSTRATION);
  }
  for (const survey of surveys) {
    const key = keyOf('survey', name, survey.surveyedOn);
    await new SurveysService(transactor).add(id, survey, null, key, DEMONSTRATION);
  }
  const ranges = new RangesService(transactor);
  const range = { siteId: id, remoteAccessId: null, note: null };
  await ranges.add({ ...range, kind: 'site_subnet', network: subnet }, keyOf('range', subnet), DEMONSTRATION);
  if (egress === null) return;
  await ranges.add({ ...range, kind: 'egress', network: egress }, keyOf('range', egress), DEMONSTRATION);
}

async function enterRemoteAccess(transactor: Transactor, { remoteAccess, sharedEgress }: NetworkStory): Promise<void> {
  const { pool, ...gateway } = remoteAccess;
  const gateways = new RemoteAccessService(transactor);
  const { id } = await gateways.add(gateway, keyOf('gateway', gateway.name), DEMONSTRATION);
  const ranges = new RangesService(transactor);
  const shared = 'Sites without a break-out of their own';
  await ranges.add(
    { kind: 'remote_access', network: pool, siteId: null, remoteAccessId: id, note: null },
    keyOf('range', pool),
    DEMONSTRATION,
  );
  await ranges.add(
    { kind: 'egress', network: sharedEgress, siteId: null, remoteAccessId: null, note: shared },
    keyOf('range', sharedEgress),
    DEMONSTRATION,
  );
}

async function enterChecks(transactor: Transactor, { checks }: NetworkStory): Promise<void> {
  const given = checks.map(({ person, at, site, lossRatio, ...check }) => ({
    ...check,
    personEntraId: person,
    checkedAt: at,
    siteName: site,
    lateRatio: lossRatio,
  }));
  await new ChecksTakeOverService(transactor).takeOver(given, 'demonstration', DEMONSTRATION);
}

function keyOf(...names: readonly string[]): string {
  return `demonstration ${names.join(' ')}`;
}
