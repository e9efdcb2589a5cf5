/** What exponential smoothing makes of some series, for one strength of smoothing. */
export interface Level {
  /** The part of a surprise that lasts, between 0 and 1. */
  readonly smoothing: number;
  /** How likely this part is, given how well it would have foretold the weeks so far; all together 1. */
  readonly likelihood: number;
  /** For each series the level it has come to, and by how much each of its values differed from what was expected. */
  readonly series: readonly { readonly usual: number; readonly surprises: readonly number[] }[];
}

/** Parts of a surprise that may last, from hardly anything to nearly all of it. */
const SMOOTHINGS = [0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
/** Values whose average is the level to begin with. */
const FIRST_VALUES = 4;
/** What is estimated from the values, and makes their surprises look smaller than they are: the level and the smoothing. */
const ESTIMATED = 2;

/**
 * Smooths series for every strength of smoothing, and says how likely each strength is: with surprises that are normally
 * distributed, as the sum of their squares to the power of minus half their number.
 * @param judged the series by which strengths are judged.
 * @param series oldest value first; all of the same length, which is more than `ESTIMATED`.
 */
export function levelsOf(judged: readonly number[], series: readonly (readonly number[])[]): readonly Level[] {
  const squares = SMOOTHINGS.map((smoothing) =>
    smoothed(judged, smoothing).surprises.reduce((sum, surprise) => sum + surprise * surprise, 0),
  );
  const least = Math.min(...squares);
  const weights = squares.map((sum) => (least === 0 ? Number(sum === 0) : (sum / least) ** (-judged.length / 2)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const unbiased = Math.sqrt(judged.length / (judged.length - ESTIMATED));
  return SMOOTHINGS.map((smoothing, index) => ({
    smoothing,
    likelihood: (weights[index] ?? 0) / total,
    series: series.map((values) => {
      const { usual, surprises } = smoothed(values, smoothing);
      return { usual, surprises: surprises.map((surprise) => surprise * unbiased) };
    }),
  }));
}

function smoothed(values: readonly number[], smoothing: number): { usual: number; surprises: number[] } {
  const first = values.slice(0, FIRST_VALUES);
  let usual = first.reduce((sum, value) => sum + value, 0) / first.length;
  const surprises = values.map((value) => {
    const surprise = value - usual;
    usual += smoothing * surprise;
    return surprise;
  });
  return { usual, surprises };
}
