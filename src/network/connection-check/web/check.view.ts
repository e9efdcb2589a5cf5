import { type ShownTime, shownTime } from '../../../common/uk-time.js';
import { paths } from '../../../web/paths.js';
import { adviceFor } from '../../domain/check-advice.js';
import { ACTIVITIES, assessCheck, type CheckAssessment, type CheckFigures } from '../../domain/check-assessment.js';
import type { NetworkSettings } from '../../domain/network-settings.js';
import { NETWORK_VERDICT_WORDS, type Place, type StatedConnection } from '../../domain/network-words.js';
import type { Threshold } from '../../domain/threshold.js';
import { MEDIA } from '../../domain/thresholds/thresholds.js';
import type { AddressPlace } from '../../address-places.queries.js';
import type { KeptCheck } from '../connection-checks.queries.js';
import {
  ACTIVITY_WORDS,
  ADVICE_WORDS,
  MEASURE_HELP,
  OUTLOOK_WORDS,
  RESULT_WORDS,
  STATED_WORDS,
  WHERE_WORDS,
} from './check-words.js';

const VERDICT_TAGS: Readonly<Record<CheckAssessment['verdict'], string>> = {
  video_safe: 'govuk-tag--green',
  audio_safe: 'govuk-tag--yellow',
  not_ready: 'govuk-tag--red',
};
/** From this part of a check’s share on, the share may be what was measured. */
const NEAR_SHARE = 0.85;

/** A result that was just measured, with everything that its page says. */
export function resultView(
  figures: CheckFigures,
  settings: NetworkSettings,
  where: { readonly found: AddressPlace; readonly connection: StatedConnection; readonly shareKbps: number },
) {
  const { found, connection, shareKbps } = where;
  const assessment = assessCheck(figures, settings);
  return {
    sentence: RESULT_WORDS[assessment.verdict],
    verdict: verdictView(assessment),
    place: WHERE_WORDS[found.place],
    site: found.siteName,
    isThroughVpn: found.place === 'remote_access',
    isAtHome: found.place === 'home',
    connection: STATED_WORDS[connection],
    activities: ACTIVITIES.map((activity) => ({
      text: ACTIVITY_WORDS[activity],
      outlook: OUTLOOK_WORDS[assessment.outlooks[activity]],
    })),
    advice: adviceFor(assessment, figures, found.place, connection).map((advice) => ADVICE_WORDS[advice]),
    measures: measureRows(figures, assessment, shareKbps),
    help: MEASURE_HELP.map(([measure, text]) => ({ measure, text })),
  };
}

/** A result that is kept, as a row; judged by the thresholds that count today. */
export function keptView(check: KeptCheck, settings: NetworkSettings, now: Date) {
  const { figures } = check;
  return {
    at: shownTime(check.checkedAt, now) as ShownTime,
    place: placeText(check.place, check.site),
    connection: STATED_WORDS[check.connection],
    verdict: verdictView(assessCheck(figures, settings)),
    roundTrip: milliseconds(figures.roundTripMs),
    jitter: milliseconds(figures.jitterMs),
    late: percent(figures.lateRatio * 100),
    download: speed(figures.downloadKbps),
    upload: speed(figures.uploadKbps),
    remove: paths.removeConnectionCheck(check.id),
  };
}

function verdictView({ verdict }: CheckAssessment) {
  return { text: NETWORK_VERDICT_WORDS[verdict], tag: VERDICT_TAGS[verdict] };
}

function placeText(place: Place, site: string | null): string {
  const words = WHERE_WORDS[place];
  return site ?? words.charAt(0).toUpperCase() + words.slice(1);
}

function measureRows(figures: CheckFigures, { findings }: CheckAssessment, shareKbps: number) {
  const row = (measure: string, value: string, ...ids: readonly string[]) => {
    const held = ids.flatMap((id) => findings.filter(({ threshold }) => threshold.id === id));
    return {
      measure,
      value,
      needed: held.map(({ threshold, decides }) => neededText(threshold, ids.length === 1 ? null : decides)),
      isMet: held.every(({ met }) => met),
      isKnown: held.length > 0,
    };
  };
  const fast = (kbps: number): string => (kbps >= shareKbps * NEAR_SHARE ? `${speed(kbps)} or more` : speed(kbps));
  const loaded = figures.loadedRoundTripMs;
  return [
    row('Time for a reply', milliseconds(figures.roundTripMs), MEDIA.roundTrip),
    row('Unevenness (jitter)', milliseconds(figures.jitterMs), MEDIA.jitter),
    row('Late replies', percent(figures.lateRatio * 100), MEDIA.loss),
    row('Download', fast(figures.downloadKbps), MEDIA.audioDownload, MEDIA.videoDownload),
    row('Upload', fast(figures.uploadKbps), MEDIA.audioUpload, MEDIA.videoUpload),
    ...(loaded === null ? [] : [row('Time for a reply under load', milliseconds(loaded))]),
  ];
}

function neededText({ test, value, unit }: Threshold, decides: 'audio_safe' | 'video_safe' | null): string {
  const figure = unit === 'kbit/s' ? speed(value) : unit === 'ms' ? milliseconds(value) : percent(value);
  const comparison = test === 'at_least' ? 'at least' : test === 'below' ? 'less than' : 'at most';
  const purpose = decides === null ? '' : decides === 'audio_safe' ? ' for calls' : ' for video meetings';
  return `${comparison} ${figure}${purpose}`;
}

const NUMBERS = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 3 });

function milliseconds(value: number): string {
  return `${NUMBERS.format(value)} ms`;
}

function percent(value: number): string {
  return `${NUMBERS.format(value)} %`;
}

function speed(kbps: number): string {
  return kbps >= 1000 ? `${NUMBERS.format(kbps / 1000)} Mbit/s` : `${NUMBERS.format(kbps)} kbit/s`;
}
