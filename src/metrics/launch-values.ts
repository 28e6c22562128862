/** What one launch gives one cell: every metric's values, repeat by repeat (or one value for metrics of a launch). */

import type { Cell } from '../axes/cell.ts';
import type { UnpackedRepeat } from '../journal/packed-repeats.ts';
import { type CountedCell, countedRepeats } from '../journal/progress.ts';
import type { JournalSample, Roofs } from '../journal/record-parts.ts';
import type { LaunchState, Place } from '../journal/state.ts';
import type { Words } from '../kernel/language.ts';
import { type Maybe, missing, present } from '../kernel/maybe.ts';
import type { Precision } from '../models/precision.ts';
import type { ModelShape } from '../models/shape.ts';
import { mean } from '../stats/moments.ts';
import { effectivePrecision } from './effective-precision.ts';
import type { LaunchInput, Metric, RepeatInput } from './metric.ts';

/** A cell with what is needed to compute its metrics. */
export interface MetricCell {
  readonly cell: Cell;
  readonly cellKey: string;
  readonly shape: Maybe<ModelShape>;
  /** As the engine's declaration says; the launch's own word has precedence. */
  readonly precision: Precision;
  /** Price of the machine per hour; undefined where it has none. */
  readonly pricePerHour?: number | undefined;
  /** Characters of a generated text by the digest of its tokens; undefined without a tokenizer. */
  readonly decodedCharacters?: (tokensDigest: string) => number | undefined;
}

export interface LaunchOfCell {
  readonly launch: string;
  readonly place: Place;
  readonly repeats: number;
  /** By metric id: values that are present, in the stored unit, and the reason of the first that is missing. */
  readonly values: ReadonlyMap<string, MetricValues>;
}

export interface MetricValues {
  readonly present: readonly number[];
  /** Of those that are present. */
  readonly mean: Maybe<number>;
  readonly missingReason: Words | undefined;
}

/**
 * Computes `metrics` for a launch. Roofs are the run's: a launch's own are a short probe that compares with other probes
 * only, and serve where the run has none.
 */
export function launchValues(
  metricCell: MetricCell,
  counted: CountedCell,
  runRoofs: Roofs | undefined,
  metrics: readonly Metric[],
): LaunchOfCell {
  /** What a metric of the launch pools; kept only where one does. */
  const samples: JournalSample[] = [];
  const pools = metrics.some((metric) => metric.level === 'launch' && metric.poolsRepeats);
  const gathered = new Map(metrics.map((metric) => [metric.id, noValues()]));
  // Repeat by repeat: what the metrics of one share is then found once.
  const ofRepeat = metrics.flatMap((metric) => {
    const own = gathered.get(metric.id);
    return metric.level === 'repeat' && own !== undefined ? [{ metric, own }] : [];
  });
  const inputOf = repeatInput(metricCell, counted.launch, runRoofs);
  let repeats = 0;
  for (const repeat of countedRepeats(counted.cell)) {
    const input = inputOf(repeat);
    for (const { metric, own } of ofRepeat) add(own, metric.compute(input));
    if (pools) samples.push(repeat.sample);
    repeats += 1;
  }
  const ofLaunch = launchInput(metricCell.cell, counted, samples);
  for (const metric of metrics) {
    const own = gathered.get(metric.id);
    if (metric.level !== 'launch' || own === undefined) continue;
    add(own, ofLaunch.kind === 'missing' ? ofLaunch : metric.compute(ofLaunch.value));
  }
  const values = new Map(
    Array.from(gathered, ([id, own]) => [id, { ...own, mean: mean(own.present) }] as const),
  );
  return { launch: counted.launch.launch, place: counted.launch.place, repeats, values };
}

interface GatheredValues {
  readonly present: number[];
  missingReason: Words | undefined;
}

const noValues = (): GatheredValues => ({ present: [], missingReason: undefined });

function add(values: GatheredValues, value: Maybe<number>): void {
  if (value.kind === 'value') values.present.push(value.value);
  else values.missingReason ??= value.reason;
}

/** What the metrics of each counted repeat may use. */
export function repeatInputs(
  metricCell: MetricCell,
  { launch, cell: state }: CountedCell,
  runRoofs: Roofs | undefined,
): RepeatInput[] {
  return Array.from(countedRepeats(state), repeatInput(metricCell, launch, runRoofs));
}

/** From a repeat of a cell in a launch to what its metrics may use. */
function repeatInput(
  { cell, shape, precision: declared, pricePerHour, decodedCharacters }: MetricCell,
  launch: LaunchState,
  runRoofs: Roofs | undefined,
): (repeat: UnpackedRepeat) => RepeatInput {
  const effective = launch.loaded?.effective.precision;
  const precision = effective === undefined ? declared : effectivePrecision(effective, declared);
  const roofs = runRoofs ?? launch.roofs;
  return ({ sample, mark }) => {
    const characters = decodedCharacters?.(sample.tokensDigest);
    const input = { cell, shape, precision, sample, roofs, noise: mark.noise, pricePerHour };
    return characters === undefined ? input : { ...input, decodedCharacters: characters };
  };
}

function launchInput(
  cell: Cell,
  { launch, cell: state }: CountedCell,
  samples: LaunchInput['samples'],
): Maybe<LaunchInput> {
  const { ready, loaded, started } = launch;
  if (ready === undefined)
    return missing({ en: 'the worker never became ready', ja: 'ワーカーが準備完了になりませんでした' });
  return present({
    cell,
    spawn_ns: BigInt(started.requested_ns),
    ready_ns: BigInt(ready.ready_ns),
    load:
      loaded === undefined
        ? undefined
        : {
            requested_ns: BigInt(loaded.requested_ns),
            loaded_ns: BigInt(loaded.loaded_ns),
            cacheBytesWritten: loaded.cacheBytesWritten,
            stages: loaded.stages,
          },
    memory: memoryOf(state),
    samples,
    ...(state.tokenised === undefined ? {} : { tokenisation: state.tokenised }),
  });
}

const MEMORY_NOT_READ: Words = {
  en: 'the memory of the worker was not read',
  ja: 'ワーカーのメモリを読んでいません',
};

function memoryOf({ measured }: CountedCell['cell']): LaunchInput['memory'] {
  if (measured === undefined)
    return missing({ en: 'the cell was cut short', ja: 'セルが途中で終わりました' });
  return measured.memory === undefined
    ? missing(measured.memoryMissing ?? MEMORY_NOT_READ)
    : present(measured.memory);
}
