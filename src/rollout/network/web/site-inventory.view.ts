import { shownDay, shownTime } from '../../../common/uk-time.js';
import { figureWords } from '../../../network/domain/figure-words.js';
import type { RangeKind, SurveyResult } from '../../../network/domain/network-words.js';
import type { NetworkLinkView } from '../../../network/sites/links.queries.js';
import type { NetworkRangeView } from '../../../network/sites/ranges.queries.js';
import type { WifiSurveyView } from '../../../network/sites/surveys.queries.js';
import { paths } from '../../../web/paths.js';

const RESULTS: Readonly<Record<SurveyResult, string>> = {
  passed: '● Passed',
  passed_in_part: '◐ Passed in part',
  failed: '✕ Failed',
};
const RANGES: Readonly<Record<RangeKind, string>> = {
  site_subnet: 'Subnet of the site',
  egress: 'Address on the internet',
  remote_access: 'Remote access',
};

/** What is entered of a site, as rows of tables. */
export function inventoryOf(
  links: readonly NetworkLinkView[],
  surveys: readonly WifiSurveyView[],
  ranges: readonly NetworkRangeView[],
  now: Date,
): object {
  const day = (value: string | null): string => (value === null ? '' : shownDay(value));
  return {
    links: links.map((link) => ({
      href: paths.networkLink(link.id),
      name: link.name,
      provider: link.provider,
      download: figureWords(link.downloadKbps, 'kbit/s'),
      upload: figureWords(link.uploadKbps, 'kbit/s'),
      live: link.live ? 'Yes' : 'No',
      until: day(link.liveUntil),
    })),
    surveys: surveys.map((survey) => ({
      href: paths.wifiSurvey(survey.id),
      day: shownDay(survey.surveyedOn),
      result: survey.withdrawnAt === null ? RESULTS[survey.result] : 'Withdrawn',
      clients: survey.clientsSupported,
      until: day(survey.expiresOn),
    })),
    ranges: ranges.map((range) => ({
      href: paths.networkRange(range.id),
      network: range.network,
      kind: RANGES[range.kind],
      changed: shownTime(range.changedAt, now),
    })),
  };
}
