/**
 * Summaries of cells on their way from one thread to another: all values of a launch in one piece of shared memory, because
 * millions of numbers in lists would be copied one by one.
 */
import type { Words } from '../../kernel/language.ts';
import type { LaunchOfCell, MetricValues } from '../../metrics/launch-values.ts';
import type { CellSummary, PhaseSummary } from '../../metrics/summarise.ts';

type FlatLaunch = Omit<LaunchOfCell, 'values'> & {
  /** Metric by metric, in the order in which their values stand in `numbers`. */
  readonly metrics: readonly {
    readonly id: string;
    readonly values: number;
    readonly mean: MetricValues['mean'];
    readonly missingReason: Words | undefined;
  }[];
  readonly numbers: Float64Array;
};

type FlatPhase = Omit<PhaseSummary, 'launches'> & { readonly launches: readonly FlatLaunch[] };

export interface FlatSummary {
  readonly cellKey: string;
  readonly explore: FlatPhase;
  readonly confirm: FlatPhase;
}

/** In the order of the cells. */
export const flatSummaries = (summaries: ReadonlyMap<string, CellSummary>): FlatSummary[] =>
  Array.from(summaries.values(), ({ cellKey, explore, confirm }) => ({
    cellKey,
    explore: { ...explore, launches: explore.launches.map(flatLaunch) },
    confirm: { ...confirm, launches: confirm.launches.map(flatLaunch) },
  }));

function flatLaunch({ values, ...launch }: LaunchOfCell): FlatLaunch {
  const lists = [...values.values()];
  const count = lists.reduce((total, { present }) => total + present.length, 0);
  const numbers = new Float64Array(new SharedArrayBuffer(count * Float64Array.BYTES_PER_ELEMENT));
  let at = 0;
  for (const { present } of lists) {
    numbers.set(present, at);
    at += present.length;
  }
  return {
    ...launch,
    metrics: Array.from(values, ([id, { present, mean, missingReason }]) => ({
      id,
      values: present.length,
      mean,
      missingReason,
    })),
    numbers,
  };
}

/** The summary that was flattened. */
export const wholeSummary = ({ cellKey, explore, confirm }: FlatSummary): CellSummary => ({
  cellKey,
  explore: { ...explore, launches: explore.launches.map(wholeLaunch) },
  confirm: { ...confirm, launches: confirm.launches.map(wholeLaunch) },
});

function wholeLaunch({ metrics, numbers, ...launch }: FlatLaunch): LaunchOfCell {
  const values = new Map<string, MetricValues>();
  let at = 0;
  for (const { id, values: count, ...known } of metrics) {
    values.set(id, valuesIn(numbers.subarray(at, at + count), known));
    at += count;
  }
  return { ...launch, values };
}

/** Listed when they are first asked for: a report looks at the single values of few metrics. */
function valuesIn(
  numbers: Float64Array,
  { mean, missingReason }: Omit<MetricValues, 'present'>,
): MetricValues {
  let list: number[] | undefined;
  return {
    get present() {
      list ??= listOf(numbers);
      return list;
    },
    mean,
    missingReason,
  };
}

/** `Array.from` would ask an iterator for each of them. */
function listOf(numbers: Float64Array): number[] {
  const list: number[] = [];
  for (let i = 0; i < numbers.length; i += 1) list.push(numbers[i] ?? Number.NaN);
  return list;
}
