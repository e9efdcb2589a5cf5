import type { CheckAssessment, CheckFigures } from './check-assessment.js';
import type { Connection, Place } from './network-words.js';
import { MEDIA } from './thresholds/thresholds.js';

/** Something to try, in the order of how little it costs. */
export const ADVICE = [
  'vpn-off',
  'cable',
  'nearer-router',
  'others-pause',
  'hotspot',
  'ask-provider',
  'service-desk',
] as const;
export type Advice = (typeof ADVICE)[number];

/**
 * How much longer a reply may take while files are sent before others’ downloads are worth a word, in ms. Our own
 * figure: with it, a line whose replies are good on their own no longer meets what calls need (100 ms).
 */
const GROWTH_UNDER_LOAD = 100;

/** What to try next; nothing where everything works as it should. */
export function adviceFor(
  { verdict, findings }: Pick<CheckAssessment, 'verdict' | 'findings'>,
  { roundTripMs, loadedRoundTripMs }: Pick<CheckFigures, 'roundTripMs' | 'loadedRoundTripMs'>,
  place: Place,
  connection: Connection,
): readonly Advice[] {
  const growsUnderLoad = loadedRoundTripMs !== null && loadedRoundTripMs - roundTripMs > GROWTH_UNDER_LOAD;
  if (verdict === 'video_safe' && !growsUnderLoad) return [];
  if (place === 'office') return connection === 'wired' ? ['service-desk'] : ['cable', 'service-desk'];
  const isSlow = findings.some(({ threshold, met }) => !met && isSpeed(threshold.id));
  const wanted: Readonly<Record<Advice, boolean>> = {
    'vpn-off': place === 'remote_access',
    cable: connection === 'wifi' || connection === 'unknown',
    'nearer-router': connection === 'wifi' || connection === 'unknown',
    'others-pause': isSlow || growsUnderLoad,
    hotspot: connection !== 'mobile' && verdict === 'not_ready',
    'ask-provider': isSlow && connection !== 'mobile',
    'service-desk': verdict === 'not_ready',
  };
  return ADVICE.filter((advice) => wanted[advice]);
}

function isSpeed(id: string): boolean {
  return id !== MEDIA.roundTrip && id !== MEDIA.jitter && id !== MEDIA.loss;
}
