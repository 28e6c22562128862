/**
 * How many independent values a correlated series is worth: n / (1 + 2 sum rho_k), the sum over lags while the sum of
 * neighbouring pairs stays positive. Noted beside a launch's repeats; intervals do not rest on it, because the launch
 * mean is the unit.
 * Source: Geyer, "Practical Markov chain Monte Carlo", Statistical Science 7 (1992), section 3.3 (initial positive
 * sequence estimator).
 */
import { type Maybe, missing, present } from '../kernel/maybe.ts';
import { mean } from './moments.ts';

/** Between 1 and n; missing for fewer than four values or values without variation. Order matters: as measured. */
export function effectiveSampleSize(series: readonly number[]): Maybe<number> {
  const count = series.length;
  const centre = mean(series);
  if (centre.kind === 'missing' || count < 4)
    return missing({ en: 'needs four repeats', ja: '反復が 4 回必要です' });
  const deviations = new Float64Array(count);
  for (let i = 0; i < count; i += 1) deviations[i] = (series[i] ?? 0) - centre.value;
  const products = (lag: number): number => {
    let total = 0;
    for (let i = lag; i < count; i += 1) total += (deviations[i] ?? 0) * (deviations[i - lag] ?? 0);
    return total;
  };
  const total = products(0);
  if (total === 0) return missing({ en: 'the repeats do not vary', ja: '反復にばらつきがありません' });
  const correlation = (lag: number): number => products(lag) / total;
  let paired = 0;
  for (let lag = 0; lag + 1 < count; lag += 2) {
    const pair = correlation(lag) + correlation(lag + 1);
    if (pair <= 0) break;
    paired += pair;
  }
  return present(Math.min(count, Math.max(1, count / Math.max(2 * paired - 1, 1 / count))));
}
