import type { Actor } from '../audit/actor.js';
import { shownNumber } from '../common/shown-number.js';
import { Transactor } from '../database/transactor.js';
import type { NetworkStory, StorySite } from '../demo/tenant/network-records.js';
import { ChecksTakeOverService } from '../network/connection-check/checks-take-over.service.js';
import { LinksService } from '../network/sites/links.service.js';
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
  tell(`${story.sites.length} sites with their lines and surveys`);
  for (const site of story.sites) await enterSite(transactor, site);
  await enterRemoteAccess(transactor, story);
  tell(`files of addresses, of ${story.siteTests.length} tests at sites, and of the coverage of areas`);
  await importFiles(connection, story, DEMONSTRATION);
  tell(`${shownNumber(story.checks.length)} connection checks of eight weeks`);
  await enterChecks(transactor, story);
}

async function enterSite(transactor: Transactor, site: StorySite): Promise<void> {
  const { name, desks, docks, wiredPorts, links, surveys } = site;
  const sites = new SitesService(transactor);
  const { id } = await sites.add({ name, desks, docks, wiredPorts }, keyOf('site', name), DEMONSTRATION);
  for (const link of links) {
    await new LinksService(transactor).add(id, link, keyOf('link', name, link.name), DEMONSTRATION);
  }
  for (const survey of surveys) {
    const key = keyOf('survey', name, survey.surveyedOn);
    await new SurveysService(transactor).add(id, survey, null, key, DEMONSTRATION);
  }
}

async function enterRemoteAccess(transactor: Transactor, { remoteAccess }: NetworkStory): Promise<void> {
  const { name, sessions, downloadKbps, uploadKbps, allTraffic } = remoteAccess;
  const gateway = { name, sessions, downloadKbps, uploadKbps, allTraffic };
  await new RemoteAccessService(transactor).add(gateway, keyOf('gateway', name), DEMONSTRATION);
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
