import type { StoryCoverage } from './network-records.js';

/** The day as at which Ofcom counted for Connected Nations 2024. */
const SNAPSHOT = '2024-07-01';

/**
 * Percentages of premises in six real areas beside one another: Ofcom, Connected Nations 2024, coverage by local authority
 * (Open Government Licence v3.0). The council is invented and lies in none of them.
 */
const AREAS: readonly (readonly [code: string, name: string, ...percentages: Percentages])[] = [
  ['E06000045', 'Southampton', 98.1, 94.6, 86.3, 94, 0, 100, 99.2, 100],
  ['E07000086', 'Eastleigh', 98.1, 80.5, 32.7, 79.1, 0, 100, 93.8, 99.9],
  ['E07000087', 'Fareham', 98.9, 91.2, 65.5, 90.4, 0, 100, 95, 98.9],
  ['E07000091', 'New Forest', 96.2, 64.2, 62, 64, 0.3, 99.5, 79.1, 90.5],
  ['E07000093', 'Test Valley', 94.7, 71.2, 34.6, 70.9, 0.4, 99.3, 79.4, 90.2],
  ['E07000094', 'Winchester', 92.6, 60.9, 38.7, 60.3, 0.5, 98.8, 84.1, 87.1],
];

type Percentages = readonly [
  superfast: number,
  ultrafast: number,
  fullFibre: number,
  gigabit: number,
  belowUniversalService: number,
  mobile4gAny: number,
  mobile4gAll: number,
  mobile5gAny: number,
];

/** Coverage of a few areas, to show what such figures look like. */
export function tellCoverage(): { readonly snapshot: string; readonly areas: readonly StoryCoverage[] } {
  const areas = AREAS.map(([code, name, ...percentages]) => {
    const [superfast, ultrafast, fullFibre, gigabit, belowUniversalService, mobile4gAny, mobile4gAll, mobile5gAny] =
      percentages;
    const fixed = { superfast, ultrafast, fullFibre, gigabit, belowUniversalService };
    return { code, name, ...fixed, mobile4gAny, mobile4gAll, mobile5gAny };
  });
  return { snapshot: SNAPSHOT, areas };
}
