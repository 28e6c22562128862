/**
 * Studentised bootstrap of the mean of launch means about their trend: residuals are drawn with replacement, and the
 * distribution of (mean* - mean) / standard error* takes the place of Student's t. It follows a skewed distribution,
 * which t does not, but needs many launches: below about 20 it knows too little of the tails.
 * Source: Efron, Tibshirani, "An Introduction to the Bootstrap" (1993), section 12.5; Hall, "The Bootstrap and Edgeworth
 * Expansion" (1992), section 1.4. A percentile bootstrap is used nowhere: see mean-interval.ts.
 */
import { randomStream } from '../kernel/random.ts';
import { sum } from './moments.ts';
import { quantileOfSorted, sorted } from './quantiles.ts';
import { centredPlaces, parametersOf, residuals, type Trend } from './trend.ts';

export const RESAMPLES = 2000;

/** Factors of the standard error on both sides of the mean. */
export interface StudentisedFactors {
  /** The interval is from mean - upper * standard error to mean - lower * standard error. */
  readonly lower: number;
  readonly upper: number;
}

/**
 * The `(1 - level) / 2` and `(1 + level) / 2` quantiles of the studentised bootstrap distribution; undefined where nothing
 * varies. The draws depend on the number of values alone (seed 0), so that one journal always gives one interval.
 */
export function studentisedFactors(
  values: readonly number[],
  trend: Trend,
  level: number,
): StudentisedFactors | undefined {
  const count = values.length;
  const left = residuals(values, trend);
  const places = centredPlaces(count);
  const spread = sum(places.map((place) => place * place));
  const draws = drawsFor(count);
  const statistics: number[] = [];
  for (let start = 0; start < draws.length; start += count) {
    let total = 0;
    let squares = 0;
    let moment = 0;
    for (let i = 0; i < count; i += 1) {
      const drawn = left[draws[start + i] ?? 0] ?? 0;
      total += drawn;
      squares += drawn * drawn;
      moment += drawn * (places[i] ?? 0);
    }
    // Residuals are near 0, so that sums of squares keep their digits.
    const about = squares - total ** 2 / count - (trend === 'line' ? moment ** 2 / spread : 0);
    const error = Math.sqrt(Math.max(0, about) / (count - parametersOf(trend)) / count);
    if (error > 0) statistics.push(total / count / error);
  }
  const ordered = sorted(statistics);
  const lower = quantileOfSorted(ordered, (1 - level) / 2);
  const upper = quantileOfSorted(ordered, (1 + level) / 2);
  return lower.kind === 'value' && upper.kind === 'value'
    ? { lower: lower.value, upper: upper.value }
    : undefined;
}

/** Every metric of a cell has as many launches as the last one. */
let known: { readonly count: number; readonly draws: Uint32Array } | undefined;

/** Which of `count` values each resample draws, resample after resample. */
function drawsFor(count: number): Uint32Array {
  if (known?.count !== count) {
    const random = randomStream(0, `studentised bootstrap of ${count}`);
    known = { count, draws: Uint32Array.from({ length: RESAMPLES * count }, () => random.integer(count)) };
  }
  return known.draws;
}
