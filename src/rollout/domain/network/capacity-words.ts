import type { CapacityMeasure, SiteCapacity } from '../../../network/domain/capacity.js';
import { figureWords } from '../../../network/domain/figure-words.js';
import type { GatewayCapacity } from '../../../network/domain/remote-access-readiness.js';
import type { NeededVerdict } from '../../../network/domain/network-words.js';

/** One thing that many share, with what is asked of it. */
export interface SharedThing extends CapacityMeasure {
  readonly words: string;
  readonly unit: 'kbit/s' | 'clients' | 'sessions';
}

/** What the people of a site share: its lines, both ways, and its Wi-Fi. */
export function sharedAtSite({ traffic, wifiClients }: SiteCapacity, needed: NeededVerdict): readonly SharedThing[] {
  const { download, upload } = traffic[needed];
  return [
    { words: 'Download of the links', unit: 'kbit/s', ...download },
    { words: 'Upload of the links', unit: 'kbit/s', ...upload },
    { words: 'Wi-Fi clients', unit: 'clients', ...wifiClients },
  ];
}

/** What those who work away share of a gateway. */
export function sharedAtGateway({ sessions, traffic }: GatewayCapacity, needed: NeededVerdict): readonly SharedThing[] {
  const { download, upload } = traffic[needed];
  return [
    { words: 'Sessions', unit: 'sessions', ...sessions },
    { words: 'Download of the gateway', unit: 'kbit/s', ...download },
    { words: 'Upload of the gateway', unit: 'kbit/s', ...upload },
  ];
}

/** The share of what may be planned with that is used, in percent; null where it is not known. */
export function usedPercent({ needed, usable }: CapacityMeasure): number | null {
  if (usable === null) return null;
  if (usable === 0) return needed === 0 ? 0 : 999;
  return Math.min(999, Math.round((needed / usable) * 100));
}

/** The thing of which most is used; null where nothing is known. */
export function tightest(things: readonly SharedThing[]): SharedThing | null {
  const known = things.filter(({ usable }) => usable !== null);
  return known.toSorted((a, b) => (usedPercent(b) ?? 0) - (usedPercent(a) ?? 0))[0] ?? null;
}

/** What is asked of a thing beside what there is, such as `3,400 of 2,800 kbit/s`. */
export function amountWords({ needed, usable, unit }: SharedThing): string {
  if (usable === null) return `${figureWords(needed, unit)} needed; what there is, is not known`;
  return `${needed.toLocaleString('en-GB')} of ${figureWords(usable, unit)}`;
}

/** The same with what it is of, such as `Upload of the links: 3,400 of 2,800 kbit/s`. */
export function sharedWords(thing: SharedThing): string {
  return `${thing.words}: ${amountWords(thing)}`;
}
