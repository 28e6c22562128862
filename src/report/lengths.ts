/**
 * How long sequences were, where they differ: throughput over unequal lengths means little without their distribution.
 * Pure. Lengths are those of the sequences that were measured, repeats of the ordinary rounds pooled.
 */
import type { Cell } from '../axes/cell.ts';
import { countedLaunches, countedRepeats } from '../journal/progress.ts';
import type { JournalState } from '../journal/state.ts';
import { sum } from '../stats/moments.ts';

/**
 * The lengths of one kind in one model, maximum and batch, in tokens. Quartiles invert the empirical distribution, and are
 * the mean of both neighbours where it is level (rule 2 of Hyndman, Fan, "Sample quantiles in statistical packages", The
 * American Statistician 50, 1996): interpolated ones would depend on how often the same generation was repeated.
 */
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
  /**
   * Only with natural stop: the share of the sequences that were cut at the limit, before any end of text. Where it is high,
   * the lengths are the limit's and not the model's.
   */
  readonly cutShare?: number;
}

interface NamedCell {
  readonly cell: Cell;
  readonly cellKey: string;
  /** Everything that varies between the cells. */
  readonly name: string;
}

/**
 * One entry for each kind, setting and distribution, in the order of `cells`. Equal lengths have none, unless it was for the
 * model to end them.
 */
export function lengthDistributions(
  cells: readonly NamedCell[],
  state: JournalState,
): readonly LengthDistribution[] {
  const counted = countedLaunches(state);
  const groups = new Map<string, LengthDistribution>();
  for (const { cell, cellKey, name } of cells) {
    // All alike: nothing to be found in what may be a million repeats.
    if (cell.stop === 'forced' && cell.promptLengths === 'equal') continue;
    const newTokens = new Map<number, number>();
    const promptTokens = new Map<number, number>();
    let cut = 0;
    for (const { launch, cell: own } of counted.get(cellKey) ?? []) {
      if (launch.place.phase !== 'explore') continue;
      for (const { sample } of countedRepeats(own)) {
        for (const sequence of sample.sequences) {
          countOne(newTokens, sequence.newTokens);
          countOne(promptTokens, sequence.inputTokens);
          if (sequence.finish === 'length') cut += 1;
        }
      }
    }
    const found = [
      withCutShare(cell, cut, newTokens),
      distribution('prompt-tokens', cell, 'drawn-uniform', promptTokens),
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

/** The lengths of what was generated; with natural stop also equal ones, and how many sequences the limit cut. */
function withCutShare(
  cell: Cell,
  cut: number,
  counts: ReadonlyMap<number, number>,
): LengthDistribution | undefined {
  const isNatural = cell.stop === 'natural';
  const found = distribution('new-tokens', cell, originOf(cell), counts, isNatural);
  return found === undefined || !isNatural ? found : { ...found, cutShare: cut / sum([...counts.values()]) };
}

/** What ended the sequences of a cell whose lengths differ. */
const originOf = ({ stop }: Cell): LengthDistribution['origin'] =>
  stop === 'drawn-uniform' || stop === 'drawn-geometric' ? stop : 'end-of-text';

const countOne = (counts: Map<number, number>, length: number): void => {
  counts.set(length, (counts.get(length) ?? 0) + 1);
};

/** `counts`: how often each length occurred. Undefined where none did, or all are equal and `withEqual` is not asked for. */
function distribution(
  kind: LengthDistribution['kind'],
  cell: Cell,
  origin: LengthDistribution['origin'],
  counts: ReadonlyMap<number, number>,
  withEqual = false,
): LengthDistribution | undefined {
  const ascending = [...counts].sort(([a], [b]) => a - b);
  const [minimum, maximum] = [ascending[0]?.[0], ascending.at(-1)?.[0]];
  if (minimum === undefined || maximum === undefined) return undefined;
  if (minimum === maximum && !withEqual) return undefined;
  const all = sum([...counts.values()]);
  const quartile = (p: number): number => {
    let below = 0;
    for (const [index, [length, times]] of ascending.entries()) {
      below += times;
      if (below > p * all) return length;
      if (below === p * all) return (length + (ascending[index + 1]?.[0] ?? length)) / 2;
    }
    return maximum;
  };
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
    mean: sum(ascending.map(([length, times]) => length * times)) / all,
  };
}
