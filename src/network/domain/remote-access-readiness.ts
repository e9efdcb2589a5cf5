import { londonDay } from '../../common/uk-time.js';
import {
  measure,
  presentAtOnce,
  trafficPerPerson,
  type CapacityMeasure,
  type PeopleByStyle,
  type TrafficCapacity,
} from './capacity.js';
import { demandFinding } from './demand-finding.js';
import type { NetworkFinding, NetworkJudgement } from './judgement.js';
import type { NetworkSettings } from './network-settings.js';
import { NEEDED_VERDICTS, type NeededVerdict } from './network-words.js';
import { judgementOf } from './verdict.js';

/** A gateway for remote access (VPN), as it was entered. */
export interface Gateway {
  readonly id: number;
  readonly name: string;
  readonly sessions: number;
  readonly downloadKbps: number;
  readonly uploadKbps: number;
  /** Whether media pass it, too; false where it lets Microsoft’s services bypass it (a split tunnel). */
  readonly allTraffic: boolean;
  readonly changedAt: Date;
}

/** What is asked of a gateway at once. */
export interface GatewayCapacity {
  readonly sessions: CapacityMeasure;
  readonly traffic: Readonly<Record<NeededVerdict, TrafficCapacity>>;
}

/** What is said of a gateway; capacity is null where nobody is planned. */
export interface RemoteAccessJudgement extends NetworkJudgement {
  readonly id: number;
  readonly name: string;
  readonly capacity: GatewayCapacity | null;
}

/**
 * Judges every gateway for the people who may work away from the office. Whoever is not at a desk works away, and of them
 * an assumed share has a session open; the gateways share them as they share the sessions that there are.
 */
export function judgeRemoteAccess(
  gateways: readonly Gateway[],
  people: PeopleByStyle,
  settings: NetworkSettings,
  now: Date,
): readonly RemoteAccessJudgement[] {
  const all = gateways.reduce((sum, { sessions }) => sum + sessions, 0);
  const open = openSessions(people, settings);
  return gateways.map((gateway) => {
    const capacity = people.size === 0 ? null : gatewayCapacity(gateway, (open * gateway.sessions) / all, settings);
    const findings = capacity === null ? [] : findingsOf(gateway, capacity, londonDay(now));
    return { ...judgementOf(findings), id: gateway.id, name: gateway.name, capacity };
  });
}

/** Sessions that these people have open at once, by the assumptions. */
export function openSessions(people: PeopleByStyle, settings: NetworkSettings): number {
  const everybody = [...people.values()].reduce((sum, count) => sum + count, 0);
  return ((everybody - presentAtOnce(people, settings)) * settings.assumptions['open-session']) / 100;
}

function gatewayCapacity(gateway: Gateway, open: number, settings: NetworkSettings): GatewayCapacity {
  const { assumptions } = settings;
  const usable = (kbps: number): number => Math.floor((kbps * assumptions['usable-link']) / 100);
  const traffic = (needed: NeededVerdict): TrafficCapacity => {
    const each = gateway.allTraffic
      ? trafficPerPerson(needed, settings)
      : { downloadKbps: assumptions['other-download'], uploadKbps: assumptions['other-upload'] };
    return {
      download: measure(open * each.downloadKbps, usable(gateway.downloadKbps)),
      upload: measure(open * each.uploadKbps, usable(gateway.uploadKbps)),
    };
  };
  return {
    sessions: measure(open, gateway.sessions),
    traffic: { audio_safe: traffic('audio_safe'), video_safe: traffic('video_safe') },
  };
}

function findingsOf(gateway: Gateway, { sessions, traffic }: GatewayCapacity, day: string): readonly NetworkFinding[] {
  const entered = {
    ...{ day, samples: 1, measuredAt: gateway.changedAt, missing: 'It is not entered.' },
    source: 'remote-access',
    cause: { kind: 'remote-access', id: gateway.id },
  } as const;
  const through = gateway.allTraffic ? 'all traffic' : 'all but Microsoft’s media';
  const carried = (decides: NeededVerdict): readonly NetworkFinding[] =>
    (['download', 'upload'] as const).map((direction) =>
      demandFinding({
        ...{ ...entered, decides, unit: 'kbit/s', capacity: traffic[decides][direction] },
        id: `remote-access-${decides === 'audio_safe' ? 'audio' : 'video'}-${direction}`,
        measure: `${direction === 'download' ? 'Download' : 'Upload'} that may be planned with, for ${through} of ${sessions.needed} sessions`,
      }),
    );
  return [
    demandFinding({
      ...{ ...entered, id: 'remote-access-sessions', unit: 'sessions', decides: 'audio_safe', capacity: sessions },
      measure: 'Sessions that may be open at once',
    }),
    ...NEEDED_VERDICTS.flatMap(carried),
  ];
}
