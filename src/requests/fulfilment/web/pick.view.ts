import { shownTime } from '../../../common/uk-time.js';
import { paths } from '../../../web/paths.js';
import { RECEIVED_HOW_WORDS } from '../../domain/pick-words.js';
import type { PickView } from '../picks.queries.js';
import { destination } from './fulfilment-lists.js';

interface Fact {
  readonly label: string;
  readonly value: string;
  readonly link?: string;
  readonly note?: string;
}

/** What is known of a pick, in words. */
export function pickFacts(pick: PickView, now: Date): Fact[] {
  const when = (label: string, instant: string | null, note?: string): Fact[] => {
    const shown = shownTime(instant, now);
    return shown === null ? [] : [{ label, value: shown.text, ...(note === undefined ? {} : { note }) }];
  };
  const { machine, tracking, receivedHow } = pick;
  return [
    { label: 'For', value: pick.person.displayName ?? 'Somebody who is not in the directory' },
    { label: 'Request', value: `Request ${pick.requestId}`, link: paths.request(pick.requestId) },
    ...(machine === null
      ? []
      : [
          {
            label: 'Serial number',
            value: machine.serialNumber ?? machine.name ?? `Device ${machine.id}`,
            link: paths.device(machine.id),
          },
        ]),
    { label: 'Picked at', value: pick.place.name },
    { label: 'Goes to', value: destination(pick) },
    ...when('Picked', pick.pickedAt),
    ...when('Sent', pick.dispatchedAt, tracking === null ? undefined : `Carrier’s number: ${tracking}`),
    ...when('Handed over', pick.handedOverAt),
    ...when('Received', pick.receivedAt, receivedHow === null ? undefined : RECEIVED_HOW_WORDS[receivedHow]),
    ...when(pick.state === 'returned' ? 'Brought back' : 'Put back', pick.endedAt),
  ];
}
