import { demonstrationFolder } from '../config/demonstration.js';
import { demonstrationEquipmentRequests } from '../demo/demonstration-client.js';
import { readEndpoint } from '../demo/demonstration-endpoint.js';
import { print } from './output.js';
import type { Session } from './session.js';

/**
 * Gives the demonstration its stores and a year of requests for equipment, once. Does nothing for a real tenant, or where
 * there is a catalogue.
 */
export async function enterDemonstrationRequests(session: Session, stopped: AbortSignal): Promise<void> {
  if (session.config.tenant.kind !== 'demonstration' || stopped.aborted) return;
  const { areRequestsOpen, enterRequests } = await import('./requests-entry.js');
  if (!(await areRequestsOpen(session.transactor))) return;
  const endpoint = await readEndpoint(demonstrationFolder(session.config.home));
  if (endpoint === undefined || stopped.aborted) return;
  print('Entering stores and a year of requests for equipment, invented for the demonstration:');
  try {
    await enterRequests(session.dataSource, await demonstrationEquipmentRequests(endpoint), (text) => {
      stopped.throwIfAborted();
      print(`  ${text}`);
    });
  } catch (error) {
    if (!stopped.aborted) throw error;
  }
}
