import { RANGE_KINDS, SURVEY_RESULTS, type RangeKind, type SurveyResult } from '../../domain/network-words.js';
import { LONGEST, MOST } from '../inventory-limits.js';
import type { LinkInput } from '../links.service.js';
import type { RangeInput } from '../ranges.service.js';
import type { RemoteAccessInput } from '../remote-access.service.js';
import type { SiteInput } from '../sites.service.js';
import type { SurveyInput } from '../surveys.service.js';
import { Choice, Day, Flag, Line, OptionalDay, OptionalLine, OptionalWhole, Whole } from '../../../web/body-fields.js';
import { ReasonBody } from '../../../web/reason.parameters.js';

const PEOPLE = { minimum: 0, maximum: MOST.places };
const SPEED = { minimum: 1, maximum: MOST.kbps };
const ID = { minimum: 1, maximum: 2_147_483_647 };

/** What is known of a site itself. */
export class SiteBody {
  @Line('As the directory spells the office; upper and lower case are the same.', LONGEST.name)
  name: string;

  @OptionalWhole('Desks to work at.', PEOPLE)
  desks?: number | null;

  @OptionalWhole('Docking stations.', PEOPLE)
  docks?: number | null;

  @OptionalWhole('Network ports at desks.', PEOPLE)
  wiredPorts?: number | null;
}

export function siteInput({ name, desks, docks, wiredPorts }: SiteBody): SiteInput {
  return { name, desks: desks ?? null, docks: docks ?? null, wiredPorts: wiredPorts ?? null };
}

/** What is known of a line. */
export class LinkBody {
  @Line('Unlike any other of the site.', LONGEST.name)
  name: string;

  @OptionalLine('Who provides it.', LONGEST.name)
  provider?: string | null;

  @Whole('kbit/s towards the site.', SPEED)
  downloadKbps: number;

  @Whole('kbit/s from the site.', SPEED)
  uploadKbps: number;

  @OptionalLine('Number or name of the contract.', LONGEST.name)
  contract?: string | null;

  @OptionalDay('Last day of the contract.')
  contractEndsOn?: string | null;

  @OptionalDay('First day on which it carries traffic; null has always carried it.')
  liveFrom?: string | null;
}

export function linkInput({ provider, contract, contractEndsOn, liveFrom, ...line }: LinkBody): LinkInput {
  return {
    name: line.name,
    provider: provider ?? null,
    downloadKbps: line.downloadKbps,
    uploadKbps: line.uploadKbps,
    contract: contract ?? null,
    contractEndsOn: contractEndsOn ?? null,
    liveFrom: liveFrom ?? null,
  };
}

/** The end of a line. */
export class LinkEndBody extends ReasonBody {
  @Day('Last day on which it carries traffic.')
  lastDay: string;
}

/** What a survey of the Wi-Fi found. */
export class SurveyBody {
  @Day('Day of the survey.')
  surveyedOn: string;

  @Choice('What it found.', SURVEY_RESULTS)
  result: SurveyResult;

  @OptionalLine('Floors or parts that were surveyed; null is all of the site.', LONGEST.floors)
  floors?: string | null;

  @OptionalWhole('Clients that the Wi-Fi serves at once.', PEOPLE)
  clientsSupported?: number | null;

  @OptionalDay('Last day on which it counts; null for as long as the thresholds say.')
  expiresOn?: string | null;
}

export function surveyInput({ surveyedOn, result, floors, clientsSupported, expiresOn }: SurveyBody): SurveyInput {
  return {
    surveyedOn,
    result,
    floors: floors ?? null,
    clientsSupported: clientsSupported ?? null,
    expiresOn: expiresOn ?? null,
  };
}

/** Addresses and what they stand for. */
export class RangeBody {
  @Choice(
    'A subnet of a site, addresses under which the council shows on the internet, or those of a gateway.',
    RANGE_KINDS,
  )
  kind: RangeKind;

  @Line('A range such as `10.1.0.0/16`, or an address.', LONGEST.range)
  network: string;

  @OptionalWhole('Site; needed for `site_subnet`, possible for `egress`.', ID)
  siteId?: number | null;

  @OptionalWhole('Gateway; needed for `remote_access`.', ID)
  remoteAccessId?: number | null;

  @OptionalLine('Anything that helps to recognise it.', LONGEST.note)
  note?: string | null;
}

export function rangeInput({ kind, network, siteId, remoteAccessId, note }: RangeBody): RangeInput {
  return { kind, network, siteId: siteId ?? null, remoteAccessId: remoteAccessId ?? null, note: note ?? null };
}

/** What a gateway for remote access carries. */
export class RemoteAccessBody implements RemoteAccessInput {
  @Line('Unlike any other gateway.', LONGEST.name)
  name: string;

  @Whole('Sessions at the same time.', { minimum: 1, maximum: MOST.sessions })
  sessions: number;

  @Whole('kbit/s towards people.', SPEED)
  downloadKbps: number;

  @Whole('kbit/s from people.', SPEED)
  uploadKbps: number;

  @Flag('Whether calls go through it too, rather than straight to the internet.')
  allTraffic: boolean;
}
