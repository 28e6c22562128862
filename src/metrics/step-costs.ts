/**
 * Bytes and FLOPs of a repeat's steps against the measured roofs. Only for repeats whose decode steps all hold the same
 * sequences (static batch, equal lengths out): elsewhere a mean step has no single cost.
 */
import type { JournalSample, Roofs } from '../journal/record-parts.ts';
import { type Maybe, missing, present } from '../kernel/maybe.ts';
import { describeShape } from '../models/architectures/registry.ts';
import { type StepCost, stepCost } from '../models/counts.ts';
import type { ModelDescription } from '../models/description.ts';
import type { Precision } from '../models/precision.ts';
import type { ModelShape } from '../models/shape.ts';
import { sumOf } from '../stats/moments.ts';
import type { RepeatInput } from './metric.ts';
import { generationStart_ns, lastFirst_ns, lastToken_ns, rememberLast, tokenStamps } from './stamps.ts';

/** Time of a phase with what one of its steps costs. */
export interface PhaseCost {
  readonly step_s: number;
  readonly cost: StepCost;
}

/** The mean decode step. Its context is the mean of the tokens that are in the cache before each step. */
export const decodeStep: (input: RepeatInput) => Maybe<PhaseCost> = rememberLast(findDecodeStep);

/** The prefill of the whole batch as one step. */
export const prefillStep: (input: RepeatInput) => Maybe<PhaseCost> = rememberLast(findPrefillStep);

function findDecodeStep({ cell, shape, precision, sample }: RepeatInput): Maybe<PhaseCost> {
  const stamps = tokenStamps(sample);
  if (stamps.kind === 'missing') return stamps;
  const [first] = stamps.value;
  const steps = (first?.sequence.newTokens ?? 0) - 1;
  if (first === undefined || steps < 1)
    return missing({ en: 'no sequence has two tokens', ja: '2 トークン以上の系列がありません' });
  const uniform = stamps.value.every(
    ({ sequence, first_ns }) => sequence.newTokens === steps + 1 && first_ns === first.first_ns,
  );
  if (!uniform)
    return missing({
      en: 'decode steps hold different numbers of sequences',
      ja: 'decode のステップごとに系列の数が違います',
    });
  const contextTokens = cell.depthTokens + meanInputTokens(sample) + (steps - 1) / 2;
  const cost = costOf(shape, precision, sample.sequences.length, 1, contextTokens);
  const step_s = (lastToken_ns(stamps.value) - first.first_ns) / steps / 1e9;
  return withTime(cost, step_s);
}

function findPrefillStep({ cell, shape, precision, sample }: RepeatInput): Maybe<PhaseCost> {
  if (cell.batch > cell.slots)
    return missing({
      en: 'requests queue for slots: prefills alternate with decoding',
      ja: 'リクエストがスロットを待ちます: prefill と decode が交互になります',
    });
  const stamps = tokenStamps(sample);
  if (stamps.kind === 'missing') return stamps;
  const length = sample.sequences[0]?.inputTokens;
  if (sample.sequences.some(({ inputTokens }) => inputTokens !== length)) {
    return missing({ en: 'prompts have different lengths', ja: 'プロンプトの長さが違います' });
  }
  const cost = costOf(shape, precision, sample.sequences.length, meanInputTokens(sample), cell.depthTokens);
  return withTime(cost, (lastFirst_ns(stamps.value) - generationStart_ns(sample)) / 1e9);
}

/** The measured memory bandwidth in bytes per second. */
export function bandwidthRoof(roofs: Roofs | undefined): Maybe<number> {
  const value = roofs?.memoryReadBytesPerSecond;
  return value === undefined
    ? missing({ en: 'the memory bandwidth was not measured', ja: 'メモリ帯域が測定されていません' })
    : present(value);
}

/** The measured matrix-multiply rate in FLOP/s of the format that `precision` multiplies in. */
export function multiplyRoof(roofs: Roofs | undefined, precision: Precision): Maybe<number> {
  const format = precision.activations === 'int8' ? 'int8' : precision.compute;
  const value = roofs?.matrixMultiplyFlops[format];
  return value === undefined
    ? missing({
        en: `the matrix-multiply rate in ${format} was not measured`,
        ja: `${format} の行列積の速さが測定されていません`,
      })
    : present(value);
}

function withTime(cost: Maybe<StepCost>, step_s: number): Maybe<PhaseCost> {
  if (cost.kind === 'missing') return cost;
  return step_s > 0
    ? present({ step_s, cost: cost.value })
    : missing({ en: 'the window is empty', ja: '区間が空です' });
}

const meanInputTokens = (sample: JournalSample): number =>
  sumOf(sample.sequences, ({ inputTokens }) => inputTokens) / sample.sequences.length;

interface KnownCosts {
  readonly description: ModelDescription;
  /** By precision, then by sequences and tokens of the step, then by its context. */
  readonly byPrecision: WeakMap<Precision, Map<number, Map<number, StepCost>>>;
}

/** New tokens of a sequence stay below, so that sequences and tokens make one number. */
const MOST_TOKENS = 2 ** 26;

/** Counting walks every tensor; a report asks for the same few steps a million times. */
const known = new WeakMap<ModelShape, KnownCosts>();

function costOf(
  knownShape: Maybe<ModelShape>,
  precision: Precision,
  batch: number,
  newTokensPerSequence: number,
  contextTokens: number,
): Maybe<StepCost> {
  if (knownShape.kind === 'missing') return knownShape;
  if (precision.weights === 'mixed')
    return missing({
      en: 'weights of mixed formats: bytes per step are not counted',
      ja: '重みの形式が混ざっています: ステップごとのバイト数は数えません',
    });
  const shape = knownShape.value;
  const model = known.get(shape) ?? { description: describeShape(shape), byPrecision: new WeakMap() };
  known.set(shape, model);
  const steps = model.byPrecision.get(precision) ?? new Map<number, Map<number, StepCost>>();
  model.byPrecision.set(precision, steps);
  const size = batch * MOST_TOKENS + newTokensPerSequence;
  const costs = steps.get(size) ?? new Map<number, StepCost>();
  steps.set(size, costs);
  const found = costs.get(contextTokens);
  if (found !== undefined) return present(found);
  const { description } = model;
  const cost = stepCost({ description, precision, batch, newTokensPerSequence, contextTokens });
  costs.set(contextTokens, cost);
  return present(cost);
}
