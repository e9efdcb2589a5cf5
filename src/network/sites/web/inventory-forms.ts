import { EVIDENCE_TYPES } from '../../../common/evidence-file.js';
import {
  OptionalDay,
  OptionalText,
  OptionalWhole,
  RequiredChoice,
  RequiredDay,
  RequiredText,
  RequiredWhole,
} from '../../../web/form-fields.js';
import { RANGE_KINDS, SURVEY_RESULTS, type RangeKind, type SurveyResult } from '../../domain/network-words.js';
import { LONGEST, MOST } from '../inventory-limits.js';
import type { LinkInput } from '../links.service.js';
import type { RangeInput } from '../ranges.service.js';
import type { RemoteAccessInput } from '../remote-access.service.js';
import type { SurveyInput } from '../surveys.service.js';
import { SpeedField } from './speed-field.js';

const LARGEST_ID = 2_147_483_647;

/** Files as a form says which it takes. */
export const EVIDENCE_HINT = 'PDF, PNG, JPEG, plain text or CSV, at most 10 MB';
export const EVIDENCE_ACCEPT = EVIDENCE_TYPES.join(',');

/** What is known of a site but its name. */
class SitePlacesForm {
  @OptionalWhole(0, MOST.places)
  desks?: number;

  @OptionalWhole(0, MOST.places)
  docks?: number;

  @OptionalWhole(0, MOST.places)
  wiredPorts?: number;
}

/** A new site: one of the directory's offices, or another name. */
export class NewSiteForm extends SitePlacesForm {
  @OptionalText({ longest: LONGEST.name })
  office?: string;

  @OptionalText({ longest: LONGEST.name })
  name?: string;
}

/** A site that was looked at. */
export class SiteForm extends SitePlacesForm {
  @RequiredText('Enter the name of the site', { longest: LONGEST.name })
  name: string;

  @RequiredText('Load the page again', { longest: 18 })
  version: string;
}

/** What is known of a link. */
export class NewLinkForm {
  @RequiredText('Enter the name of the link', { longest: LONGEST.name })
  name: string;

  @OptionalText({ longest: LONGEST.name })
  provider?: string;

  @SpeedField('Enter the download speed')
  download: number;

  @SpeedField('Enter the upload speed')
  upload: number;

  @OptionalText({ longest: LONGEST.name })
  contract?: string;

  @OptionalDay()
  contractEndsOn?: string;

  @OptionalDay()
  liveFrom?: string;
}

/** A link that was looked at. */
export class LinkForm extends NewLinkForm {
  @RequiredText('Load the page again', { longest: 18 })
  version: string;
}

export function linkOf({
  name,
  provider,
  download,
  upload,
  contract,
  contractEndsOn,
  liveFrom,
}: NewLinkForm): LinkInput {
  return {
    name,
    provider: provider ?? null,
    downloadKbps: download,
    uploadKbps: upload,
    contract: contract ?? null,
    contractEndsOn: contractEndsOn ?? null,
    liveFrom: liveFrom ?? null,
  };
}

/** Why something that was looked at goes. */
export class ReasonForm {
  @RequiredText('Enter the reason', { longest: 2_000, lines: true })
  reason: string;

  @RequiredText('Load the page again', { longest: 18 })
  version: string;
}

/** The end of a link that was looked at. */
export class LinkEndForm extends ReasonForm {
  @RequiredDay('Enter the last day')
  lastDay: string;
}

/** What a survey found. */
export class SurveyForm {
  @RequiredDay('Enter the day of the survey')
  surveyedOn: string;

  @RequiredChoice('Choose the result', SURVEY_RESULTS)
  result: SurveyResult;

  @OptionalText({ longest: LONGEST.floors })
  floors?: string;

  @OptionalWhole(0, MOST.places)
  clientsSupported?: number;

  @OptionalDay()
  expiresOn?: string;
}

export function surveyOf({ surveyedOn, result, floors, clientsSupported, expiresOn }: SurveyForm): SurveyInput {
  return {
    surveyedOn,
    result,
    floors: floors ?? null,
    clientsSupported: clientsSupported ?? null,
    expiresOn: expiresOn ?? null,
  };
}

/** What is known of a range. */
export class NewRangeForm {
  @RequiredChoice('Choose what the addresses are', RANGE_KINDS)
  kind: RangeKind;

  @RequiredText('Enter the range', { longest: LONGEST.range })
  network: string;

  @OptionalWhole(1, LARGEST_ID)
  siteId?: number;

  @OptionalWhole(1, LARGEST_ID)
  remoteAccessId?: number;

  @OptionalText({ longest: LONGEST.note })
  note?: string;
}

/** A range that was looked at. */
export class RangeForm extends NewRangeForm {
  @RequiredText('Load the page again', { longest: 18 })
  version: string;
}

export function rangeOf({ kind, network, siteId, remoteAccessId, note }: NewRangeForm): RangeInput {
  return { kind, network, siteId: siteId ?? null, remoteAccessId: remoteAccessId ?? null, note: note ?? null };
}

/** What a gateway carries. */
export class NewRemoteAccessForm {
  @RequiredText('Enter the name of the gateway', { longest: LONGEST.name })
  name: string;

  @RequiredWhole('Enter how many sessions it carries', 1, MOST.sessions)
  sessions: number;

  @SpeedField('Enter the download speed')
  download: number;

  @SpeedField('Enter the upload speed')
  upload: number;

  @RequiredChoice('Choose what goes through it', ['all', 'split'])
  traffic: 'all' | 'split';
}

/** A gateway that was looked at. */
export class RemoteAccessForm extends NewRemoteAccessForm {
  @RequiredText('Load the page again', { longest: 18 })
  version: string;
}

export function remoteAccessOf({ name, sessions, download, upload, traffic }: NewRemoteAccessForm): RemoteAccessInput {
  return { name, sessions, downloadKbps: download, uploadKbps: upload, allTraffic: traffic === 'all' };
}
