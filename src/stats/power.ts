/**
 * The minimum detectable effect: the true difference that an experiment of the same size would call a difference with
 * probability 80 %, by the two-sided t test that Hayasa uses.
 *
 * The known formula (t factor + t quantile of the power) times the standard error (Bloom, "Minimum detectable effects",
 * Evaluation Review 19, 1995) takes the estimated standard error for the true one. Over five launches the estimate is
 * often too small by a third, and an effect of the size that was printed would then be found in fewer than 80 % of
 * experiments. So the power is averaged over the estimate: with S = sqrt(chi^2 / df) drawn once for the standard error
 * that was seen and once for the experiment's own, k is sought with P(|Z + k S1| > c S2) = power, c the t factor. The
 * inner probability is that of the noncentral t (Johnson, Kotz, Balakrishnan, "Continuous Univariate Distributions" 2,
 * 1995, chapter 31). For large df both agree: k = 2.80 at 95 % and 80 %. What is printed aims a little higher, at `AIM`.
 */
import { normalCdf } from './normal.ts';
import { twoSidedFactor } from './student-t.ts';

/** The power at which effects are called detectable. */
const POWER = 0.8;

/**
 * The power that is aimed at, so that the one reached stays near `POWER` where the values are not normal: a step or a
 * burst in few blocks costs up to 4 points (`bench/trust`).
 */
const AIM = POWER + 0.02;

/** By degrees of freedom, level and power: a table asks for the same few designs again and again. */
const known = new Map<string, number>();

/**
 * The smallest detectable difference in units of the estimated standard error.
 * @param degrees at least 1; fractions allowed, of which hundredths count
 * @param level of the two-sided test as a coverage: 0.95 for a test at 5 %
 */
export function detectableFactor(degrees: number, level: number, power: number = AIM): number {
  const rounded = Math.max(1, Math.round(degrees * 100) / 100);
  const key = `${rounded} ${level} ${power}`;
  const factor = known.get(key) ?? findFactor(rounded, level, power);
  known.set(key, factor);
  return factor;
}

/** The root of a function that rises from alpha to 1, by the Illinois variant of regula falsi between brackets. */
function findFactor(degrees: number, level: number, power: number): number {
  const threshold = twoSidedFactor(level, degrees);
  const nodes = scaledChi(degrees);
  const excess = (factor: number): number => expectedPower(factor, threshold, nodes) - power;
  let low = { factor: 0, excess: 1 - level - power };
  let high = { factor: threshold + 1, excess: excess(threshold + 1) };
  while (high.excess < 0) {
    low = high;
    high = { factor: 2 * high.factor, excess: excess(2 * high.factor) };
  }
  while (high.factor - low.factor > 1e-5 * high.factor) {
    const factor = high.factor - (high.excess * (high.factor - low.factor)) / (high.excess - low.excess);
    const here = excess(factor);
    if (Math.abs(here) < 1e-6) return factor;
    if (here < 0) {
      low = { factor, excess: here };
      high = { ...high, excess: high.excess / 2 };
    } else {
      high = { factor, excess: here };
      low = { ...low, excess: low.excess / 2 };
    }
  }
  return high.factor;
}

interface Node {
  readonly value: number;
  readonly weight: number;
}

function expectedPower(factor: number, threshold: number, nodes: readonly Node[]): number {
  let total = 0;
  for (const seen of nodes) {
    const shift = factor * seen.value;
    for (const own of nodes) {
      const bound = threshold * own.value;
      total += seen.weight * own.weight * (normalCdf(shift - bound) + normalCdf(-shift - bound));
    }
  }
  return total;
}

/** Even, so that Simpson's rule has its middle nodes. */
const INTERVALS = 60;
/** Standard deviations of sqrt(chi^2 / df), which are about 1 / sqrt(2 df) each, on both sides of 1. */
const REACH = 8;

/** The distribution of sqrt(chi^2 / df) as nodes whose weights sum to 1 (Simpson's rule, normalised). */
function scaledChi(degrees: number): Node[] {
  const reach = REACH / Math.sqrt(2 * degrees);
  const from = Math.max(0, 1 - reach);
  const step = (1 + reach - from) / INTERVALS;
  const nodes = Array.from({ length: INTERVALS + 1 }, (_, i): Node => {
    const value = from + i * step;
    const simpson = i === 0 || i === INTERVALS ? 1 : i % 2 === 1 ? 4 : 2;
    // Density up to a constant, 1 at the value 1: s^(df - 1) exp(-df (s^2 - 1) / 2).
    const density = value === 0 ? (degrees > 1 ? 0 : Math.exp(degrees / 2)) : densityAt(value, degrees);
    return { value, weight: simpson * density };
  });
  const total = nodes.reduce((sum, { weight }) => sum + weight, 0);
  return nodes.map(({ value, weight }) => ({ value, weight: weight / total }));
}

const densityAt = (value: number, degrees: number): number =>
  Math.exp((degrees - 1) * Math.log(value) - (degrees * (value * value - 1)) / 2);
