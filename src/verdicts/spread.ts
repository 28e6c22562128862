/**
 * How much comparisons of a metric vary, from all of them together: each test of a claim borrows from it. Two passes: the
 * first notes the spread of every comparison, the second tests with moderated ones (stats/moderated-variance.ts).
 */
import type { StandardError } from '../stats/log-ratio.ts';
import { moderated, type VarianceEstimate, variancePrior } from '../stats/moderated-variance.ts';
import { sum } from '../stats/moments.ts';

/** What a comparison is made of. */
export interface ComparedTerm {
  readonly cell: { readonly cellKey: string };
  readonly metric: string;
  readonly weight: number;
}

export interface Compared {
  readonly terms: readonly ComparedTerm[];
  /** Of the mean over rounds, on the scale of logarithms. */
  readonly error: StandardError;
  readonly rounds: number;
}

/** The standard error that a paired comparison over rounds is tested with. */
export type SpreadModel = (compared: Compared) => StandardError;

/** Notes each comparison once, and leaves its error as it is. */
export function spreadNotes(): { readonly note: SpreadModel; readonly model: () => SpreadModel } {
  const byMetric = new Map<string, Map<string, VarianceEstimate>>();
  return {
    note: (compared) => {
      const key = metricsOf(compared);
      const known = byMetric.get(key) ?? new Map<string, VarianceEstimate>();
      byMetric.set(key, known);
      known.set(identityOf(compared), unitVariance(compared));
      return compared.error;
    },
    model: () => {
      const priors = new Map([...byMetric].map(([key, known]) => [key, variancePrior([...known.values()])]));
      return (compared) => {
        const own = unitVariance(compared);
        const { variance, degrees } = moderated(own, priors.get(metricsOf(compared)));
        const scale = own.variance === 0 ? 1 : variance / own.variance;
        return { standardError: compared.error.standardError * Math.sqrt(scale), degrees };
      };
    },
  };
}

/** Of one round of one term of weight 1, so that contrasts of other weights are alike. */
function unitVariance({ terms, error, rounds }: Compared): VarianceEstimate {
  const squares = sum(terms.map(({ weight }) => weight ** 2));
  return { variance: (error.standardError ** 2 * rounds) / squares, degrees: error.degrees };
}

const metricsOf = ({ terms }: Compared): string =>
  [...new Set(terms.map(({ metric }) => metric))].sort().join(' / ');

/** The same for a / b and b / a, in whichever claim they stand. */
const identityOf = ({ terms }: Compared): string =>
  terms
    .map(({ cell, metric, weight }) => `${cell.cellKey} ${metric} ${Math.abs(weight).toPrecision(6)}`)
    .sort()
    .join('; ');
