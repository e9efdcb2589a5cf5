import { standingLabel, standingOf } from '../../../devices/domain/lifecycle/standing.js';
import { paths } from '../../../web/paths.js';
import type { CountedMachine } from '../counts.queries.js';

/** A machine of a count, and what to do about it. */
export interface MachineToSettle {
  readonly label: string;
  readonly href: string | null;
  readonly serialNumber: string;
  /** What custody says. */
  readonly standing: string;
  readonly advice: string;
  readonly action: { readonly text: string; readonly href: string } | null;
}

/** A machine that is in stock at the place and was not scanned. */
export function missingMachine(machine: CountedMachine): MachineToSettle {
  const { deviceId } = machine;
  return {
    ...named(machine),
    advice: 'Look for it. If it is not there, report it missing: it then leaves stock.',
    action:
      deviceId === null ? null : { text: 'Report it missing', href: paths.custodyCommand(deviceId, 'report-missing') },
  };
}

/** A machine that was scanned at the place and is not in stock there. */
export function unexpectedMachine(machine: CountedMachine): MachineToSettle {
  return { ...named(machine), ...nextStepOf(machine) };
}

function named({
  deviceId,
  label,
  serialNumber,
  product,
  state,
  substate,
  place,
}: CountedMachine): Pick<MachineToSettle, 'label' | 'href' | 'serialNumber' | 'standing'> {
  const standing = state === null ? 'No custody recorded' : standingLabel(standingOf(state, substate));
  return {
    label: product ?? label ?? 'Not known',
    href: deviceId === null ? null : paths.device(deviceId),
    serialNumber,
    standing: place === null ? standing : `${standing}, ${place}`,
  };
}

function nextStepOf({ deviceId, state, substate }: CountedMachine): Pick<MachineToSettle, 'advice' | 'action'> {
  if (deviceId === null) {
    return {
      advice: 'No machine has this serial number. If it is ours, receive it.',
      action: { text: 'Receive it', href: paths.receiveStock() },
    };
  }
  const step = (text: string, command: Parameters<typeof paths.custodyCommand>[1]): MachineToSettle['action'] => ({
    text,
    href: paths.custodyCommand(deviceId, command),
  });
  switch (state) {
    case null:
    case 'on_order':
      return { advice: 'It is here and was never received.', action: step('Receive it', 'receive') };
    case 'in_stock':
      return substate === 'available'
        ? {
            advice: 'Custody has it at another place, or no product has its model.',
            action: step('Move it here', 'move'),
          }
        : { advice: 'It is kept back and cannot be promised.', action: step('Release it', 'release') };
    case 'allocated':
      return {
        advice: 'It is put aside for somebody. Leave it, or release it.',
        action: step('Release it', 'release'),
      };
    case 'in_use':
    case 'return_due':
      return { advice: 'Custody has it with its holder. Take it back.', action: step('Take it back', 'take-back') };
    case 'recovered':
      return { advice: 'It came back and is not wiped yet.', action: step('Record that it was wiped', 'wipe') };
    case 'wiped':
      return { advice: 'It is wiped and can go back into stock.', action: step('Return it to stock', 'restock') };
    case 'missing':
    case 'stolen':
    case 'written_off':
      return { advice: 'It was thought lost.', action: step('Record it as found', 'find') };
    case 'awaiting_disposal':
    case 'disposed':
      return { advice: 'It is not stock. Put it with what is to be disposed of.', action: null };
  }
}
