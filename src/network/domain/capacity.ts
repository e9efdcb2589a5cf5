import { addDays } from '../../common/uk-time.js';
import { isAssumption } from './assumptions.js';
import { thresholdBy, type NetworkSettings } from './network-settings.js';
import { NEEDED_VERDICTS, type NeededVerdict } from './network-words.js';
import { MEDIA, SCREEN } from './thresholds/thresholds.js';

/** People by work style. A style that no assumption names counts like `present-other`. */
export type PeopleByStyle = ReadonlyMap<string, number>;

/** A line of a site; live from the first to the last day, null being without end (ISO 8601). */
export interface SiteLink {
  readonly id: number;
  readonly name: string;
  readonly downloadKbps: number;
  readonly uploadKbps: number;
  readonly liveFrom: string | null;
  readonly liveUntil: string | null;
  readonly changedAt: Date;
}

/** What a site offers to those who work there. */
export interface SiteSupply {
  readonly links: readonly SiteLink[];
  /** Wi-Fi clients that the latest survey found room for; null when none says so. */
  readonly wifiClients: number | null;
}

/** What is asked for beside what there is. */
export interface CapacityMeasure {
  readonly needed: number;
  /** What may be planned with; null when it is not known. */
  readonly usable: number | null;
  /** What is left, negative where it is too little; null when not known. */
  readonly headroom: number | null;
}

/** Traffic in kbit/s. */
export interface TrafficCapacity {
  readonly download: CapacityMeasure;
  readonly upload: CapacityMeasure;
}

/** What the people of a site ask of its lines and its Wi-Fi at once. */
export interface SiteCapacity {
  readonly people: number;
  /** Of them at their desks at once. */
  readonly present: number;
  /** When everybody who would be on video is heard only, and when they are seen. */
  readonly traffic: Readonly<Record<NeededVerdict, TrafficCapacity>>;
  readonly wifiClients: CapacityMeasure;
}

/** Days on which the people of a site become these, ascending. */
export interface PlanStep {
  /** ISO 8601. */
  readonly on: string;
  readonly people: PeopleByStyle;
}

/** People of a site who are at their desks at once, by the assumptions. */
export function presentAtOnce(people: PeopleByStyle, { assumptions }: NetworkSettings): number {
  return sum([...people], ([style, count]) => {
    const id = `present-${style}`;
    return (count * assumptions[isAssumption(id) ? id : 'present-other']) / 100;
  });
}

/** What somebody asks of a line on average in the busiest hour, in kbit/s: media by the mix of activities, and the rest. */
export function trafficPerPerson(
  needed: NeededVerdict,
  settings: NetworkSettings,
): { readonly downloadKbps: number; readonly uploadKbps: number } {
  const { assumptions } = settings;
  const kbps = (id: string): number => thresholdBy(settings, id).value;
  const isVideo = needed === 'video_safe';
  const media = (audio: string, video: string, screen: string): number =>
    (assumptions['in-audio'] * kbps(audio) +
      assumptions['in-video'] * kbps(isVideo ? video : audio) +
      (isVideo ? assumptions['sharing-screen'] * kbps(screen) : 0)) /
    100;
  return {
    downloadKbps: assumptions['other-download'] + media(MEDIA.audioDownload, MEDIA.videoDownload, SCREEN.download),
    uploadKbps: assumptions['other-upload'] + media(MEDIA.audioUpload, MEDIA.videoUpload, SCREEN.upload),
  };
}

/** Links that are live on a day (ISO 8601). */
export function linksOn(links: readonly SiteLink[], day: string): readonly SiteLink[] {
  return links.filter(({ liveFrom, liveUntil }) => (liveFrom ?? day) <= day && day <= (liveUntil ?? day));
}

/**
 * What is left of a site’s lines and Wi-Fi on a day when these people work there. All live links count together, as links
 * that only stand by are for whoever enters them to leave out. A site with links of which none is live has nothing; one
 * without any is not known.
 * @param day ISO 8601
 */
export function siteCapacity(
  people: PeopleByStyle,
  supply: SiteSupply,
  settings: NetworkSettings,
  day: string,
): SiteCapacity {
  const { assumptions } = settings;
  const present = presentAtOnce(people, settings);
  const live = linksOn(supply.links, day);
  const usable = (kbps: (link: SiteLink) => number): number | null =>
    supply.links.length === 0 ? null : Math.floor((sum(live, kbps) * assumptions['usable-link']) / 100);
  const traffic = (needed: NeededVerdict): TrafficCapacity => {
    const each = trafficPerPerson(needed, settings);
    return {
      download: measure(
        present * each.downloadKbps,
        usable((link) => link.downloadKbps),
      ),
      upload: measure(
        present * each.uploadKbps,
        usable((link) => link.uploadKbps),
      ),
    };
  };
  return {
    people: sum([...people.values()], (count) => count),
    present: Math.ceil(round(present)),
    traffic: { audio_safe: traffic('audio_safe'), video_safe: traffic('video_safe') },
    wifiClients: measure((present * assumptions['on-wifi'] * assumptions['wifi-clients']) / 100, supply.wifiClients),
  };
}

/**
 * The first day on which a site has too little: that of a step, or the one after a link’s last. Null when it never comes;
 * what is not known does not run out.
 */
export function runsOutOn(
  steps: readonly PlanStep[],
  supply: SiteSupply,
  settings: NetworkSettings,
  needed: NeededVerdict,
): string | null {
  const [first] = steps;
  if (first === undefined) return null;
  const ends = supply.links.flatMap(({ liveUntil }) => (liveUntil === null ? [] : [addDays(liveUntil, 1)]));
  const days = [...new Set([...steps.map(({ on }) => on), ...ends.filter((day) => day > first.on)])].sort();
  return (
    days.find((day) => {
      const { people } = steps.findLast(({ on }) => on <= day) ?? first;
      return runsOut(siteCapacity(people, supply, settings, day), needed);
    }) ?? null
  );
}

/** Whether something of it is known to be too little; what is not known does not run out. */
export function runsOut({ traffic, wifiClients }: SiteCapacity, needed: NeededVerdict): boolean {
  const taken = NEEDED_VERDICTS.filter((each) => each === 'audio_safe' || needed === 'video_safe');
  const measures = taken.flatMap((each) => [traffic[each].download, traffic[each].upload]);
  return [...measures, wifiClients].some(({ headroom }) => headroom !== null && headroom < 0);
}

/** What is needed, up to the next whole, beside what there is. */
export function measure(needed: number, usable: number | null): CapacityMeasure {
  const whole = Math.ceil(round(needed));
  return { needed: whole, usable, headroom: usable === null ? null : usable - whole };
}

/** Takes away what binary fractions add, so that 10 people of whom 70 % count are 7 and not 8. */
function round(value: number): number {
  return Number(value.toPrecision(12));
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
