import { shownNumber } from '../common/shown-number.js';
import { demonstrationFolder } from '../config/demonstration.js';
import { demonstrationProgrammeHistory } from '../demo/demonstration-client.js';
import { readEndpoint } from '../demo/demonstration-endpoint.js';
import { workOutMachines } from './machines.js';
import { print, remark } from './output.js';
import { takeOverService } from './rollout.js';
import type { Session } from './session.js';

/**
 * Gives the demonstration its rollout, once: the invented records of nine months are taken over as those of a real
 * council would be. Does nothing for a real tenant, or where there is a programme.
 */
export async function takeOverDemonstration(session: Session, stopped: AbortSignal): Promise<void> {
  if (session.config.tenant.kind !== 'demonstration' || stopped.aborted) return;
  const service = await takeOverService(session);
  if (!(await service.isPossible())) return;
  const endpoint = await readEndpoint(demonstrationFolder(session.config.home));
  if (endpoint === undefined || stopped.aborted) return;
  print('Taking over nine months of a rollout, invented for the demonstration:');
  const { readProgrammeHistory } = await import('../rollout/take-over/history-reading.js');
  const reading = readProgrammeHistory(await demonstrationProgrammeHistory(endpoint));
  if (!reading.ok) {
    const [problem] = reading.problems;
    return remark(`It cannot be read: ${problem?.path}: ${problem?.message}`);
  }
  if (stopped.aborted) return;
  try {
    const { people, desktops, days } = await service.takeOver(reading.history, 'system:demonstration', (text) => {
      stopped.throwIfAborted();
      print(`  ${text}`);
    });
    await workOutMachines(session, stopped);
    print(
      `The rollout of the demonstration has ${shownNumber(people)} people, ${shownNumber(desktops)} desktops and ` +
        `${shownNumber(days)} days of history.`,
    );
  } catch (error) {
    if (!stopped.aborted) throw error;
  }
}
