/**
 * A dialect: what one peer calls its metrics and how it computes them, as declarations over the same raw events as ours.
 * One file per peer, one line in the registry; reports, importers and docs/dialects.md read the declaration.
 */
import { same, type Words } from '../kernel/language.ts';
import { type Maybe, missing, present } from '../kernel/maybe.ts';
import type { Metric } from '../metrics/metric.ts';
import { type DialectRun, dialectRun, requestsOf } from './run.ts';

export interface Dialect {
  /** Kebab-case, as `--dialect` takes it. */
  readonly id: string;
  /** The peer's own name. */
  readonly peer: string;
  /** Where the definitions were read: repository, file, revision. */
  readonly source: string;
  /** How the peer takes percentiles and deviations, in a sentence. */
  readonly statistics: Words;
  readonly metrics: readonly DialectMetric[];
}

/** How a peer's metric stands to ours. */
export type Relation =
  /** The same number as our metric on every sample of an engine; a property test holds it to that. */
  | { readonly kind: 'same'; readonly own: string }
  /** Comparable, but another number; `difference` says where it comes from. */
  | { readonly kind: 'differs'; readonly own: string; readonly difference: Words }
  /** We have nothing like it. */
  | { readonly kind: 'none'; readonly difference: Words };

export interface DialectMetric {
  /** The peer's own field or printed name: `mean_ttft_ms`. */
  readonly name: string;
  readonly definition: string;
  readonly formula: string;
  /** SI without prefixes, like ours: `s`, `tokens/s`. */
  readonly storedUnit: string;
  readonly shown: Metric['shown'];
  readonly better: 'higher' | 'lower';
  readonly relation: Relation;
  /** Over all requests of a launch; the stored unit. */
  compute(run: DialectRun): Maybe<number>;
}

/** The id of a peer's metric in JSON and CSV: `vllm:mean_ttft_ms`. */
export const dialectMetricId = (dialect: Dialect, metric: DialectMetric): string =>
  `${dialect.id}:${metric.name}`;

/**
 * The dialect's metrics as metrics of a launch, so that the same statistics give them the same intervals: the launch is
 * the peer's run, its repeats are pooled.
 */
export function launchMetrics(dialect: Dialect): Metric[] {
  return dialect.metrics.map((metric) => ({
    id: dialectMetricId(dialect, metric),
    title: same(metric.name),
    // In the words of the peer, whose source it describes.
    definition: same(metric.definition),
    formula: metric.formula,
    source: dialect.source,
    storedUnit: metric.storedUnit,
    shown: metric.shown,
    better: metric.better,
    undefinedWhen: 'no request was answered',
    main: false,
    level: 'launch',
    poolsRepeats: true,
    compute: ({ cell, samples }) => compute(metric, dialectRun(samples, cell.device)),
  }));
}

/** As `metric.compute`; missing for a run in which nothing was answered. */
export function compute(metric: DialectMetric, run: DialectRun): Maybe<number> {
  if (requestsOf(run).length === 0)
    return missing({ en: 'no request was answered', ja: '答えの返ったリクエストがありません' });
  return metric.compute(run);
}

/** `amount` per second of `window_s`; missing where the window is empty. */
export const rate = (amount: number, window_s: number): Maybe<number> =>
  window_s > 0 ? present(amount / window_s) : missing({ en: 'the window is empty', ja: '区間が空です' });
