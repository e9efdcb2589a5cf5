import { addDays, shownDay } from '../../common/uk-time.js';
import type { SiteCapacity } from './capacity.js';
import { demandFinding } from './demand-finding.js';
import type { Cause, NetworkFinding } from './judgement.js';
import type { NetworkSettings } from './network-settings.js';
import type { NeededVerdict, SurveyResult } from './network-words.js';
import type { Threshold } from './threshold.js';

/** The latest survey of a site’s Wi-Fi. */
export interface LatestSurvey {
  readonly id: number;
  /** ISO 8601. */
  readonly surveyedOn: string;
  readonly result: SurveyResult;
  readonly floors: string | null;
  readonly clientsSupported: number | null;
  /** The last day on which it holds; null where it names none. */
  readonly expiresOn: string | null;
}

/** Results as figures that a threshold can be held against. */
const GRADES: Readonly<Record<SurveyResult, number>> = { failed: 0, passed_in_part: 1, passed: 2 };
const RESULT_WORDS: Readonly<Record<SurveyResult, string>> = {
  failed: 'The survey failed.',
  passed_in_part: 'The survey passed in part.',
  passed: 'The survey passed.',
};

/** The last day on which a survey holds (ISO 8601). */
export function surveyHoldsUntil(survey: LatestSurvey, { assumptions }: NetworkSettings): string {
  return survey.expiresOn ?? addDays(survey.surveyedOn, assumptions['survey-valid']);
}

/** Wi-Fi clients that a survey found room for, if it still holds and says so. */
export function surveyedClients(survey: LatestSurvey | null, settings: NetworkSettings, day: string): number | null {
  return survey !== null && surveyHoldsUntil(survey, settings) >= day ? survey.clientsSupported : null;
}

/**
 * What a survey says: sound takes one that passed in part, video one that passed. Both are the council’s assumptions, as
 * no authority asks for surveys. Where nobody is on Wi-Fi none is looked for.
 * @param day ISO 8601
 */
export function surveyFindings(
  survey: LatestSurvey | null,
  capacity: SiteCapacity | null,
  settings: NetworkSettings,
  day: string,
): readonly NetworkFinding[] {
  if (settings.assumptions['on-wifi'] === 0) return [];
  const until = survey === null ? null : surveyHoldsUntil(survey, settings);
  const isExpired = until !== null && until < day;
  const cause: Cause = { kind: 'wifi-survey', id: survey?.id ?? null };
  const known = survey === null || isExpired ? null : survey;
  const why =
    until === null ? 'There is no survey of the Wi-Fi.' : `The survey of the Wi-Fi held until ${shownDay(until)}.`;
  const measuredAt = survey === null ? null : new Date(`${survey.surveyedOn}T00:00:00Z`);
  const result = (threshold: Threshold, decides: NeededVerdict): NetworkFinding => {
    const met = known === null ? null : GRADES[known.result] >= threshold.value;
    return {
      ...{ threshold, decides, met, measuredAt, source: 'wifi-survey', samples: survey === null ? 0 : 1 },
      value: known === null ? null : GRADES[known.result],
      confidence: known === null ? 'low' : 'medium',
      cause: met === true ? null : cause,
      remark: known === null ? why : RESULT_WORDS[known.result],
    };
  };
  const findings = [result(gradeOf('audio', 1, day), 'audio_safe'), result(gradeOf('video', 2, day), 'video_safe')];
  if (capacity === null) return findings;
  const clients = demandFinding({
    ...{ id: 'site-wifi-clients', unit: 'clients', decides: 'audio_safe', day, cause, measuredAt },
    ...{ source: 'wifi-survey', samples: survey === null ? 0 : 1 },
    measure: `Wi-Fi clients that the survey found room for, with ${capacity.present} people there at once`,
    capacity: capacity.wifiClients,
    missing: known === null ? why : 'The survey does not say for how many clients; that it passed is what is known.',
  });
  // A survey that holds and names no number has been judged by its result.
  return [...findings, known !== null && clients.met === null ? { ...clients, decides: null, cause: null } : clients];
}

function gradeOf(of: 'audio' | 'video', value: number, day: string): Threshold {
  return {
    id: `wifi-survey-${of}`,
    measure: of === 'audio' ? 'Wi-Fi survey that passed, at least in part' : 'Wi-Fi survey that passed',
    ...{ value, test: 'at_least', unit: 'survey', assumption: true },
    source: { document: 'The council’s assumption: no authority asks for a survey', page: null, dated: day },
  };
}
