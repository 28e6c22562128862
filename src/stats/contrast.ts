/**
 * A linear contrast of quantities that were measured in the same rounds: sum of weight x value, round by round, and t over
 * the rounds. What a round does to all of them in the same way cancels where the weights sum to 0. Differences of
 * logarithms are log-ratios; a slope over a logarithmic axis and a ratio of ratios are contrasts too.
 * Source: Kirk, "Experimental Design" (4th ed., 2013), chapter 4 (contrasts), and Cox, "Planning of Experiments" (1958),
 * chapter 3 (blocks).
 *
 * Where two sides share fewer than two rounds (they come from different machines or phases) each side's spread counts for
 * itself, with Welch's and Satterthwaite's degrees of freedom (Satterthwaite, Biometrics Bulletin 2, 1946).
 */
import { type Maybe, missing, present } from '../kernel/maybe.ts';
import type { StandardError } from './log-ratio.ts';
import { mean, sum, variance } from './moments.ts';

export interface ContrastTerm {
  readonly weight: number;
  /** Value by round. */
  readonly rounds: ReadonlyMap<number, number>;
}

export interface Contrast {
  readonly centre: number;
  /** Missing, with the reason, where one round is all there is. */
  readonly error: Maybe<StandardError>;
  /** Rounds behind it (paired), or launches of all terms. */
  readonly units: number;
  readonly paired: boolean;
}

/** The contrast of `terms`; missing where a term was never measured. */
export function contrast(terms: readonly ContrastTerm[]): Maybe<Contrast> {
  const [first] = terms;
  if (first === undefined) return missing({ en: 'nothing to compare', ja: '比べるものがありません' });
  if (terms.some(({ rounds }) => rounds.size === 0))
    return missing({ en: 'a side was not measured', ja: '片方が測定されていません' });
  const common = [...first.rounds.keys()].filter((round) => terms.every(({ rounds }) => rounds.has(round)));
  const smallest = Math.min(...terms.map(({ rounds }) => rounds.size));
  return common.length >= 2 || common.length === smallest ? paired(terms, common) : unpaired(terms);
}

function paired(terms: readonly ContrastTerm[], common: readonly number[]): Maybe<Contrast> {
  const values = common.map((round) =>
    sum(terms.map(({ weight, rounds }) => weight * (rounds.get(round) ?? 0))),
  );
  const centre = mean(values);
  if (centre.kind === 'missing')
    return missing({ en: 'no round in which all were measured', ja: 'すべてを測定したラウンドがありません' });
  const spread = variance(values);
  const units = values.length;
  return present({
    centre: centre.value,
    error:
      spread.kind === 'missing'
        ? missing({ en: 'no interval: a single round', ja: '区間なし: ラウンドが 1 回だけ' })
        : present({ standardError: Math.sqrt(spread.value / units), degrees: units - 1 }),
    units,
    paired: true,
  });
}

function unpaired(terms: readonly ContrastTerm[]): Maybe<Contrast> {
  const sides = terms.map(({ weight, rounds }) => {
    const values = [...rounds.values()];
    const spread = variance(values);
    return {
      centre: (weight * sum(values)) / values.length,
      error: spread.kind === 'missing' ? undefined : (weight ** 2 * spread.value) / values.length,
      degrees: values.length - 1,
      count: values.length,
    };
  });
  const errors = sides.map(({ error }) => error ?? Number.NaN);
  const total = sum(errors);
  const squares = sum(sides.map(({ error = 0, degrees }) => (degrees > 0 ? error ** 2 / degrees : 0)));
  return present({
    centre: sum(sides.map(({ centre }) => centre)),
    error: Number.isNaN(total)
      ? missing({ en: 'no interval: a side has a single launch', ja: '区間なし: 片方の起動が 1 回だけ' })
      : present({
          standardError: Math.sqrt(total),
          degrees:
            squares === 0 ? sum(sides.map(({ degrees }) => degrees)) : Math.max(1, total ** 2 / squares),
        }),
    units: sum(sides.map(({ count }) => count)),
    paired: false,
  });
}
