/**
 * How long sequences were, where they differ: throughput over unequal lengths means little without their distribution.
 * Pure. Lengths are those of the sequences that were measured, repeats of the ordinary rounds pooled.
 */
import type { Cell } from '../axes/cell.ts';
import { countedLaunches, countedRepeats } from '../journal/progress.ts';
import type { JournalState } from '../journal/state.ts';
import { presentValue } from '../kernel/maybe.ts';
import { mean } from '../stats/moments.ts';
import { quantileOfSorted } from '../stats/quantiles.ts';

/** The lengths of one kind in one model, maximum and batch, in tokens; quartiles interpolate linearly. */
export interface LengthDistribution {
  readonly kind: 'new-tokens' | 'prompt-tokens';
  /** `tiny, up to 64, batch 16` */
  readonly setting: string;
  /** Where the lengths come from. */
  readonly origin: 'drawn-uniform' | 'drawn-geometric' | 'end-of-text';
  /** Cells with these very lengths. */
  readonly cellKeys: readonly string[];
  /** Their names where other cells of the setting have other lengths; else empty. */
  readonly cells: readonly string[];
  /** Sequences of one generation. */
  readonly sequences: number;
  readonly minimum: number;
  readonly lowerQuartile: number;
  readonly median: number;
  readonly upperQuartile: number;
  readonly maximum: number;
  readonly mean: number;
}

interface NamedCell {
  readonly cell: Cell;
  readonly cellKey: string;
  /** Everything that varies between the cells. */
  readonly name: string;
}

/** One entry for each kind, setting and distribution, in the order of `cells`; equal lengths have none. */
export function lengthDistributions(
  cells: readonly NamedCell[],
  state: JournalState,
): readonly LengthDistribution[] {
  const counted = countedLaunches(state);
  const groups = new Map<string, LengthDistribution>();
  for (const { cell, cellKey, name } of cells) {
    const sequences = (counted.get(cellKey) ?? [])
      .filter(({ launch }) => launch.place.phase === 'explore')
      .flatMap(({ cell: own }) => countedRepeats(own))
      .flatMap(({ sample }) => sample.sequences);
    const found = [
      distribution(
        'new-tokens',
        cell,
        originOf(cell),
        sequences.map(({ newTokens }) => newTokens),
      ),
      distribution(
        'prompt-tokens',
        cell,
        'drawn-uniform',
        sequences.map(({ inputTokens }) => inputTokens),
      ),
    ];
    for (const one of found) {
      if (one === undefined) continue;
      const key = JSON.stringify(one);
      const known = groups.get(key);
      groups.set(key, {
        ...one,
        cellKeys: [...(known?.cellKeys ?? []), cellKey],
        cells: [...(known?.cells ?? []), name],
      });
    }
  }
  const all = [...groups.values()];
  const isSplit = ({ kind, setting }: LengthDistribution): boolean =>
    all.filter((other) => other.kind === kind && other.setting === setting).length > 1;
  return all.map((one) => (isSplit(one) ? one : { ...one, cells: [] }));
}

/** What ended the sequences of a cell whose lengths differ. */
const originOf = ({ stop }: Cell): LengthDistribution['origin'] =>
  stop === 'drawn-uniform' || stop === 'drawn-geometric' ? stop : 'end-of-text';

function distribution(
  kind: LengthDistribution['kind'],
  cell: Cell,
  origin: LengthDistribution['origin'],
  lengths: readonly number[],
): LengthDistribution | undefined {
  const ascending = Float64Array.from(lengths).sort();
  const [minimum, maximum] = [ascending[0], ascending.at(-1)];
  if (minimum === undefined || maximum === undefined || minimum === maximum) return undefined;
  const quartile = (p: number): number => presentValue(quantileOfSorted(ascending, p)) ?? minimum;
  return {
    kind,
    setting: `${cell.model}, up to ${kind === 'new-tokens' ? cell.outputTokens : cell.inputTokens}, batch ${cell.batch}`,
    origin,
    cellKeys: [],
    cells: [],
    sequences: cell.batch,
    minimum,
    lowerQuartile: quartile(0.25),
    median: quartile(0.5),
    upperQuartile: quartile(0.75),
    maximum,
    mean: presentValue(mean(lengths)) ?? minimum,
  };
}
