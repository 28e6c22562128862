/**
 * From the journal to estimates: per cell, phase and metric the mean over launches with its interval. Ordinary rounds
 * (`explore`) and the fresh blocks that re-measure the winners (`confirm`) are never mixed: a value that was chosen for
 * being the best is partly luck, the one that re-measures it is not.
 */
import { type CountedCell, countedLaunches } from '../journal/progress.ts';
import { decodedKey, type JournalState, type Phase } from '../journal/state.ts';
import { type Maybe, mapMaybe, missing, NOT_MEASURED, present, presentValues } from '../kernel/maybe.ts';
import { notBelow } from '../stats/cut-off.ts';
import type { Estimate } from '../stats/estimate.ts';
import { LEVEL } from '../stats/estimate.ts';
import type { PairedBlock } from '../stats/log-ratio.ts';
import { meanInterval } from '../stats/mean-interval.ts';
import { mean } from '../stats/moments.ts';
import { pairedRatio } from '../stats/paired-ratio.ts';
import { repeatedInterval } from '../stats/repeated-interval.ts';
import { levelAtLook, noInterval, type SequentialDesign } from '../stats/sequential.ts';
import { type LaunchOfCell, launchValues, type MetricCell } from './launch-values.ts';
import type { Metric } from './metric.ts';

export interface CellSummary {
  readonly cellKey: string;
  readonly explore: PhaseSummary;
  readonly confirm: PhaseSummary;
}

export interface PhaseSummary {
  readonly launches: readonly LaunchOfCell[];
  /** Set where the launches were looked at while they came in, and intervals must allow for it. */
  readonly looks?: SequentialDesign;
  /** By metric id, in the stored unit. */
  readonly estimates: ReadonlyMap<string, Maybe<Estimate>>;
}

/**
 * Summaries by cell key, for every cell of `cells` in that order, measured or not. `looks`: how the ordinary rounds were
 * looked at while they went on; undefined where no cell could stop early.
 */
export function summarise(
  cells: readonly MetricCell[],
  state: JournalState,
  metrics: readonly Metric[],
  looks?: SequentialDesign,
): ReadonlyMap<string, CellSummary> {
  const counted = countedLaunches(state);
  return new Map(
    cells.map((metricCell) => {
      const launches = (counted.get(metricCell.cellKey) ?? []).map((one) =>
        launchOfRun(metricCell, one, state, metrics),
      );
      const phase = (name: Phase): PhaseSummary =>
        summarisePhase(launches, name, metrics, name === 'explore' ? looks : undefined);
      return [
        metricCell.cellKey,
        { cellKey: metricCell.cellKey, explore: phase('explore'), confirm: phase('confirm') },
      ];
    }),
  );
}

/** What one launch of the run gives a cell: with the run's roofs, and the characters that it counted. */
export function launchOfRun(
  metricCell: MetricCell,
  counted: CountedCell,
  state: JournalState,
  metrics: readonly Metric[],
): LaunchOfCell {
  // Neighbouring repeats mostly share their tokens: a key for every one of a million would be built and hashed.
  let last: string | undefined;
  let characters: number | undefined;
  const decodedCharacters = (tokensDigest: string): number | undefined => {
    if (tokensDigest !== last) {
      last = tokensDigest;
      characters = state.decoded.get(decodedKey(metricCell.cell.model, tokensDigest));
    }
    return characters;
  };
  return launchValues({ ...metricCell, decodedCharacters }, counted, state.roofs, metrics);
}

function summarisePhase(
  all: readonly LaunchOfCell[],
  phase: Phase,
  metrics: readonly Metric[],
  looks: SequentialDesign | undefined,
): PhaseSummary {
  const launches = all.filter((launch) => launch.place.phase === phase);
  return {
    launches,
    ...(looks === undefined ? {} : { looks }),
    estimates: new Map(metrics.map((metric) => [metric.id, estimateOf(launches, metric.id, looks)])),
  };
}

/** No metric is negative: durations, rates, shares, counts, memory, money. */
const LEAST = 0;

function estimateOf(
  launches: readonly LaunchOfCell[],
  metricId: string,
  looks: SequentialDesign | undefined,
): Maybe<Estimate> {
  const values = launches.map((launch) => launch.values.get(metricId));
  const groups = values.map((one) => one?.present ?? []);
  const estimate = looks === undefined ? meanInterval(groups) : repeatedInterval(groups, looks);
  if (estimate.kind === 'value') return present(notBelow(estimate.value, LEAST));
  return missing(values.find((one) => one?.missingReason !== undefined)?.missingReason ?? NOT_MEASURED);
}

/** The ratio a / b of a metric over the blocks in which both cells were measured, per phase. */
export function ratioOf(a: PhaseSummary, b: PhaseSummary, metricId: string): Maybe<Estimate> {
  const blocksOfB = blockMeans(b, metricId);
  const blocks: PairedBlock[] = [];
  for (const [block, value] of blockMeans(a, metricId)) {
    const other = blocksOfB.get(block);
    if (other !== undefined) blocks.push({ a: value, b: other });
  }
  const looks = a.looks ?? b.looks;
  if (looks === undefined) return pairedRatio(blocks);
  const level = levelAtLook(looks, blocks.length);
  return mapMaybe(pairedRatio(blocks, level.kind === 'value' ? level.value : LEVEL), (ratio) => ({
    ...ratio,
    interval:
      level.kind === 'missing'
        ? missing(noInterval(level.reason))
        : mapMaybe(ratio.interval, (interval) => ({ ...interval, level: looks.level })),
  }));
}

/** Mean of the launch means by (round, block), in the stored unit; blocks in which the metric is missing have none. */
export function blockMeans(summary: PhaseSummary, metricId: string): Map<string, number> {
  const means = new Map<string, number[]>();
  for (const { place, values } of summary.launches) {
    const launchMean = values.get(metricId)?.mean;
    if (launchMean?.kind !== 'value') continue;
    const block = `${place.round}/${place.block}`;
    means.set(block, [...(means.get(block) ?? []), launchMean.value]);
  }
  return new Map(
    [...means].flatMap(([block, values]) => {
      const blockMean = mean(values);
      return blockMean.kind === 'value' ? [[block, blockMean.value] as const] : [];
    }),
  );
}

/** The mean of a metric over each launch that has it, in the order of the launches and the stored unit. */
export const launchMeans = ({ launches }: PhaseSummary, metricId: string): number[] =>
  presentValues(launches.flatMap(({ values }) => values.get(metricId)?.mean ?? []));
