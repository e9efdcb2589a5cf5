import type { Actor } from '../audit/actor.js';
import { shownNumber } from '../common/uk-time.js';
import { demonstrationFolder } from '../config/demonstration.js';
import type { Transactor } from '../database/transactor.js';
import { demonstrationNetworks } from '../demo/demonstration-client.js';
import { readEndpoint } from '../demo/demonstration-endpoint.js';
import type { NetworkStory, StorySite } from '../demo/tenant/network-records.js';
import { print } from './output.js';
import type { Session } from './session.js';

const DEMONSTRATION: Actor = 'system:demonstration';

/**
 * Gives the demonstration its networks, once: what the invented council's network team knows is entered as people would
 * enter it. Does nothing for a real tenant, or where anybody has entered a site. Goes on where it was interrupted.
 */
export async function enterDemonstrationNetwork(session: Session, stopped: AbortSignal): Promise<void> {
  if (session.config.tenant.kind !== 'demonstration' || stopped.aborted) return;
  const [state] = await session.dataSource.query<{ open: boolean }[]>(
    `select not exists (select from network_site where changed_by <> $1)
        and not exists (select from audit_event where event = 'connection-check.taken-over' and actor = $1) as open`,
    [DEMONSTRATION],
  );
  if (state?.open !== true) return;
  const endpoint = await readEndpoint(demonstrationFolder(session.config.home));
  if (endpoint === undefined || stopped.aborted) return;
  print('Entering networks of sites and homes, invented for the demonstration:');
  try {
    await enterNetworks(session.transactor, await demonstrationNetworks(endpoint), (text) => {
      stopped.throwIfAborted();
      print(`  ${text}`);
    });
  } catch (error) {
    if (!stopped.aborted) throw error;
  }
}

/**
 * Enters what a network team knows, each thing once however often it is begun.
 * @param tell hears what is about to be done
 */
export async function enterNetworks(
  transactor: Transactor,
  story: NetworkStory,
  tell: (text: string) => void,
): Promise<void> {
  tell(`${story.sites.length} sites with their lines, surveys and addresses`);
  for (const site of story.sites) await enterSite(transactor, site);
  await enterRemoteAccess(transactor, story);
  tell(`${shownNumber(story.checks.length)} connection checks of eight weeks`);
  await enterChecks(transactor, story);
}

async function enterSite(transactor: Transactor, site: StorySite): Promise<void> {
  const [{ SitesService }, { LinksService }, { SurveysService }, { RangesService }] = await Promise.all([
    import('../network/sites/sites.service.js'),
    import('../network/sites/links.service.js'),
    import('../network/sites/surveys.service.js'),
    import('../network/sites/ranges.service.js'),
  ]);
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
  const [{ RemoteAccessService }, { RangesService }] = await Promise.all([
    import('../network/sites/remote-access.service.js'),
    import('../network/sites/ranges.service.js'),
  ]);
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
  const { ChecksTakeOverService } = await import('../network/connection-check/checks-take-over.service.js');
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
