/** From the launches of two cells to the sides of a statistical comparison: B against A, higher is better. */
import type { Metric } from '../metrics/metric.ts';
import { blockMeans, launchMeans, type PhaseSummary } from '../metrics/summarise.ts';
import type { Sides } from '../stats/comparison.ts';
import type { Design } from './model.ts';

export interface DesignedSides {
  readonly sides: Sides;
  readonly design: Design;
}

/**
 * Paired by block where both cells were measured in one, else unpaired with the reason. Values of a metric that is better
 * when lower are inverted, so that the ratio is always above 1 where B is better.
 * @param sameRun whether rounds and blocks of the two mean the same times
 */
export function designSides(
  a: PhaseSummary,
  b: PhaseSummary,
  metric: Metric,
  sameRun: boolean,
): DesignedSides {
  const worth = (value: number): number => (metric.better === 'higher' || value <= 0 ? value : 1 / value);
  const blocksOfA = sameRun ? blockMeans(a, metric.id) : new Map<string, number>();
  const blocks = [...blockMeans(b, metric.id)]
    .sort(([one], [other]) => roundOf(one) - roundOf(other))
    .flatMap(([block, valueB]) => {
      const valueA = blocksOfA.get(block);
      return valueA === undefined ? [] : [{ a: worth(valueB), b: worth(valueA) }];
    });
  if (blocks.length > 0)
    return { sides: { kind: 'paired', blocks }, design: { kind: 'paired', blocks: blocks.length } };
  const [launchesA, launchesB] = [launchMeans(a, metric.id), launchMeans(b, metric.id)];
  const reason = sameRun ? 'no block of the run has both' : 'two runs share no block';
  return {
    sides: { kind: 'unpaired', a: launchesB.map(worth), b: launchesA.map(worth), reason },
    design: { kind: 'unpaired', launchesA: launchesA.length, launchesB: launchesB.length, reason },
  };
}

/** Of a block's name `round/block`: a block that a resumed run filled later still belongs to its round. */
const roundOf = (block: string): number => Number(block.split('/')[0]);
