import type { ConnectionFigures } from './network-homes.js';

/** A line that connects a site, in kbit/s; days as YYYY-MM-DD, null without end. */
export interface StoryLink {
  readonly name: string;
  readonly provider: string;
  readonly downloadKbps: number;
  readonly uploadKbps: number;
  readonly contract: string;
  readonly contractEndsOn: string;
  readonly liveFrom: string;
}

/** A survey of a site's Wi-Fi. */
export interface StorySurvey {
  readonly surveyedOn: string;
  readonly result: 'passed' | 'passed_in_part' | 'failed';
  readonly floors: string;
  /** How many devices at once it can carry; null where the survey failed. */
  readonly clientsSupported: number | null;
  readonly expiresOn: string;
}

/** What the council's network team has on record of a site. */
export interface StorySite {
  readonly name: string;
  readonly desks: number;
  readonly docks: number;
  readonly wiredPorts: number;
  readonly links: readonly StoryLink[];
  readonly surveys: readonly StorySurvey[];
  readonly subnet: string;
  /** Null where the site's traffic leaves through the shared break-out. */
  readonly egress: string | null;
}

/** The gateway through which people come in from outside. */
export interface StoryRemoteAccess {
  readonly name: string;
  readonly sessions: number;
  readonly downloadKbps: number;
  readonly uploadKbps: number;
  readonly allTraffic: boolean;
  readonly pool: string;
}

/** A run of Microsoft's connectivity test at a site. */
export interface StorySiteTest extends ConnectionFigures {
  readonly site: string;
  readonly at: string;
  readonly exchangeRoundTripMs: number;
  readonly sharepointMegabytesPerSecond: number;
}

/** A connection check that its person agreed to keep. */
export interface StoryCheck extends ConnectionFigures {
  readonly person: string;
  readonly at: string;
  readonly place: 'office' | 'home' | 'remote_access';
  /** Name of the site; null outside the offices. */
  readonly site: string | null;
  readonly connection: 'wired' | 'wifi' | 'mobile';
  readonly samples: number;
  readonly loadedRoundTripMs: number;
  /** A UUID, by which a check that was sent twice counts once. */
  readonly submission: string;
}

/** Percentages of premises that coverage reaches in the area of an authority. */
export interface StoryCoverage {
  readonly code: string;
  readonly name: string;
  readonly superfast: number;
  readonly ultrafast: number;
  readonly fullFibre: number;
  readonly gigabit: number;
  readonly belowUniversalService: number;
  readonly mobile4gAny: number;
  readonly mobile4gAll: number;
  readonly mobile5gAny: number;
}

/** What the invented council knows of its networks on the first day of the demonstration. */
export interface NetworkStory {
  readonly source: string;
  readonly sites: readonly StorySite[];
  readonly sharedEgress: string;
  readonly remoteAccess: StoryRemoteAccess;
  readonly siteTests: readonly StorySiteTest[];
  readonly checks: readonly StoryCheck[];
  readonly coverage: { readonly snapshot: string; readonly areas: readonly StoryCoverage[] };
}
