import { demonstrationFolder } from '../config/demonstration.js';
import { demonstrationNetworks } from '../demo/demonstration-client.js';
import { readEndpoint } from '../demo/demonstration-endpoint.js';
import { print } from './output.js';
import type { Session } from './session.js';

/**
 * Gives the demonstration its networks, once: what the invented council's network team knows is entered as people would
 * enter it. Does nothing for a real tenant, or where anybody has entered a site. Goes on where it was interrupted.
 */
export async function enterDemonstrationNetwork(session: Session, stopped: AbortSignal): Promise<void> {
  if (session.config.tenant.kind !== 'demonstration' || stopped.aborted) return;
  const { enterNetworks, isNetworkOpen } = await import('./network-entry.js');
  if (!(await isNetworkOpen(session.transactor))) return;
  const endpoint = await readEndpoint(demonstrationFolder(session.config.home));
  if (endpoint === undefined || stopped.aborted) return;
  print('Entering networks of sites and homes, invented for the demonstration:');
  try {
    await enterNetworks(session.dataSource, await demonstrationNetworks(endpoint), (text) => {
      stopped.throwIfAborted();
      print(`  ${text}`);
    });
  } catch (error) {
    if (!stopped.aborted) throw error;
  }
}
