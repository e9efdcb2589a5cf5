import { Injectable } from '@nestjs/common';
import { shownDay } from '../../common/london-time.js';
import { linkDays, RANGE_KIND_WORDS, speedWords, SURVEY_RESULT_WORDS } from './inventory-words.js';
import { LinksQueries, type NetworkLinkView } from './links.queries.js';
import { RangesQueries, type NetworkRangeView } from './ranges.queries.js';
import { SurveysQueries, type WifiSurveyView } from './surveys.queries.js';

/** What is entered of a site, in words, as `network/sites/web/inventory.njk` shows it. */
export interface SiteInventory {
  readonly siteId: number;
  readonly links: readonly {
    readonly id: number;
    readonly name: string;
    readonly provider: string;
    readonly download: string;
    readonly upload: string;
    readonly days: string;
    readonly live: boolean;
  }[];
  readonly surveys: readonly {
    readonly id: number;
    readonly day: string;
    readonly result: string;
    readonly floors: string;
    readonly clients: number | null;
    /** Name of the file that proves it; null without one. */
    readonly evidence: string | null;
    readonly withdrawn: boolean;
  }[];
  readonly ranges: readonly {
    readonly id: number;
    readonly network: string;
    readonly kind: string;
    readonly note: string;
  }[];
}

/** Reads what is entered of one site for its page. */
@Injectable()
export class SiteInventoryQueries {
  constructor(
    private readonly links: LinksQueries,
    private readonly surveys: SurveysQueries,
    private readonly ranges: RangesQueries,
  ) {}

  /** The links, surveys and ranges of a site; empty lists for one that is not entered. */
  async ofSite(siteId: number): Promise<SiteInventory> {
    const [links, surveys, ranges] = await Promise.all([
      this.links.ofSite(siteId),
      this.surveys.ofSite(siteId),
      this.ranges.ofSite(siteId),
    ]);
    return {
      siteId,
      links: links.map(linkLine),
      surveys: surveys.map(surveyLine),
      ranges: ranges.map(rangeLine),
    };
  }
}

function linkLine(link: NetworkLinkView): SiteInventory['links'][number] {
  const { id, name, provider, live } = link;
  return {
    id,
    name,
    provider: provider ?? '',
    download: speedWords(link.downloadKbps),
    upload: speedWords(link.uploadKbps),
    days: linkDays(link),
    live,
  };
}

function surveyLine(survey: WifiSurveyView): SiteInventory['surveys'][number] {
  return {
    id: survey.id,
    day: shownDay(survey.surveyedOn),
    result: SURVEY_RESULT_WORDS[survey.result],
    floors: survey.floors ?? 'All of the site',
    clients: survey.clientsSupported,
    evidence: survey.evidenceName,
    withdrawn: survey.withdrawnAt !== null,
  };
}

function rangeLine({ id, network, kind, note }: NetworkRangeView): SiteInventory['ranges'][number] {
  return { id, network, kind: RANGE_KIND_WORDS[kind], note: note ?? '' };
}
