/** The sim engine: no model, no arithmetic, exact times. See cost-model.ts, noise.ts and language.ts. */
import { basename, join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { type PrecisionName, precisionKind } from '../../models/precision.ts';
import { FailureError } from '../../protocol/failure-error.ts';
import type { GenerateRequest, Loaded, LoadRequest, Score, ScoreRequest } from '../../protocol/frames.ts';
import type { Profile } from '../../protocol/sample.ts';
import type { ComputeContext, WorkerEngine } from '../../worker/engine.ts';
import { type CostModel, costModel } from './cost-model.ts';
import { generate } from './generation.ts';
import { advance, nextToken, stateAfter } from './language.ts';
import { type Noise, noiseOf } from './noise.ts';
import { type Fault, type SimOptions, simOptions } from './options.ts';

export const SIM_VERSION = '1';

/** How this engine does to its process what a fault asks for; may never return, or throw what stands for it. */
export type ActOnFault = (fault: Fault, context: ComputeContext) => void;

interface Model {
  readonly vocabularySize: number;
  readonly maximumPositions: number;
  readonly origin: 'config.json' | 'options';
}

interface LoadedState {
  readonly options: SimOptions;
  readonly model: Model;
  readonly precision: PrecisionName;
  readonly cost: CostModel;
  readonly noise: Noise;
}

export function createSimEngine(host: Host, act: ActOnFault): WorkerEngine {
  // Launches differ by the time at which they were created: on a virtual clock that is reproducible.
  const launch = host.clock.monotonic_ns().toString();
  let loaded: LoadedState | undefined;
  let generations = 0;

  const state = (): LoadedState => {
    if (loaded === undefined)
      throw new FailureError({
        cause: 'protocol',
        message: { en: 'nothing is loaded', ja: 'モデルがロードされていません' },
      });
    return loaded;
  };
  return {
    versions: () => ({ sim: SIM_VERSION }),
    load: (request, context) => {
      const options = simOptions.parse(request.options);
      if (options.fault === 'exit-at-load' || options.fault === 'hang-at-load') act(options.fault, context);
      const start_ns = context.now_ns();
      host.clock.block_ns(options.load_ns);
      const precision = request.precision as PrecisionName;
      const copy = keepCopy(host, request, options);
      const model = modelOf(host, request.modelPath, options);
      loaded = {
        options,
        model,
        precision,
        cost: costModel(options, precision, request.threads),
        noise: noiseOf(options, launch),
      };
      return { ...loadedFrame(request, model, precision, start_ns, context.now_ns()), ...copy };
    },
    generate: (request, context) => {
      const { options, model, cost, noise } = state();
      checkRequest(request, options, model);
      const faulty = options.fault !== 'none' && generations === options.faultAt;
      generations += 1;
      if (faulty && options.fault !== 'wrong-tokens') act(options.fault, context);
      const { vocabularySize } = model;
      const sample = generate(request, {
        clock: host.clock,
        context,
        cost,
        factor: noise.next(host.clock.monotonic_ns()),
        tokens: {
          vocabularySize,
          stopTokens: new Set(request.stopTokens),
          wrong: options.fault === 'wrong-tokens' && generations > options.faultAt,
        },
      });
      return request.profile === true ? { ...sample, profile: simProfile(request, cost) } : sample;
    },
    score: (request) => score(request, state()),
    unload: () => {
      loaded = undefined;
    },
  };
}

/** A converted copy in the cache, of the size that was asked for and with nothing in it. */
function keepCopy(
  { files }: Host,
  { modelPath, precision, cacheFolder }: LoadRequest,
  { cacheBytes }: SimOptions,
): Partial<Pick<Loaded, 'cacheBytesWritten' | 'cacheEntries'>> {
  if (cacheBytes === undefined) return {};
  const entry = `sim/${basename(modelPath)}-${precision}`;
  const cacheEntries = [entry];
  if (files.kind(join(cacheFolder, entry)) !== undefined) return { cacheEntries };
  const file = files.createFile(join(cacheFolder, entry));
  file.write(new Uint8Array(cacheBytes));
  file.commit();
  return { cacheEntries, cacheBytesWritten: cacheBytes };
}

/** The parts of the cost model as operators, without noise: all sequences to the longest. */
function simProfile(request: GenerateRequest, cost: CostModel): Profile {
  const steps = Math.max(1, Math.max(...request.outputTokens) - 1);
  const step_ns = cost.step_ns(request.prompts.length, 1);
  const weights_ns = cost.weights_ns();
  return {
    steps,
    elapsed_ns: steps * step_ns,
    operators: [
      { name: 'Weights', calls: steps, time_ns: steps * weights_ns },
      { name: 'Sequences', calls: steps, time_ns: steps * (step_ns - weights_ns) },
    ],
    method: 'the cost model of the simulation, without its noise',
  };
}

function loadedFrame(
  request: LoadRequest,
  model: Model,
  precision: PrecisionName,
  start_ns: number,
  end_ns: number,
): Loaded {
  return {
    effective: {
      precision: precisionKind(precision).precision,
      threads: request.threads,
      settings: { model: model.origin },
    },
    stages: [{ name: 'load', start_ns, end_ns }],
    cacheBytesWritten: 0,
  };
}

/** The model's limits from its config.json, or from the options where it has none: the sim needs no checkpoint. */
function modelOf(host: Host, modelPath: string, options: SimOptions): Model {
  const text = host.files.tryReadText(join(modelPath, 'config.json'));
  const { vocabularySize, maximumPositions } = options;
  if (text === undefined) return { vocabularySize, maximumPositions, origin: 'options' };
  const config = JSON.parse(text) as {
    readonly vocab_size?: number;
    readonly max_position_embeddings?: number;
  };
  return {
    vocabularySize: config.vocab_size ?? vocabularySize,
    maximumPositions: config.max_position_embeddings ?? maximumPositions,
    origin: 'config.json',
  };
}

/** @throws FailureError */
function checkRequest(request: GenerateRequest, options: SimOptions, model: Model): void {
  if (request.prompts.length > options.outOfMemoryAbove) {
    throw new FailureError({
      cause: 'out-of-memory',
      message: {
        en: `no memory for ${request.prompts.length} sequences (at most ${options.outOfMemoryAbove})`,
        ja: `${request.prompts.length} 系列分のメモリがありません（最大 ${options.outOfMemoryAbove}）`,
      },
    });
  }
  for (const [index, prompt] of request.prompts.entries()) {
    const positions = request.depthTokens + prompt.length + (request.outputTokens[index] ?? 0);
    if (positions > model.maximumPositions) {
      throw new FailureError({
        cause: 'unsupported',
        message: {
          en: `sequence ${index} needs ${positions} positions, the model has ${model.maximumPositions}`,
          ja: `系列 ${index} には ${positions} 位置が必要ですが、モデルには ${model.maximumPositions} しかありません`,
        },
      });
    }
    const unknown = prompt.find((token) => token >= model.vocabularySize);
    if (unknown !== undefined) {
      throw new FailureError({
        cause: 'unsupported',
        message: {
          en: `token id ${unknown} of sequence ${index} is outside the vocabulary of ${model.vocabularySize}`,
          ja: `系列 ${index} のトークン ID ${unknown} は語彙（${model.vocabularySize}）の外です`,
        },
      });
    }
  }
}

/**
 * Every token is as likely as any other, but the one that it would write twice as likely; fewer bits of weights predict worse:
 * ln p = -(ln vocabulary + 1 / bits), and ln 2 more.
 */
function score(request: ScoreRequest, { model: { vocabularySize }, precision }: LoadedState): Score {
  const surprise = Math.log(vocabularySize) + 1 / (precisionKind(precision).weightBits ?? 1);
  let equalPositions = 0;
  let positions = 0;
  const logLikelihoods = request.prompts.map((prompt, index) => {
    let context = stateAfter(prompt);
    let expected = 0;
    const continuation = request.continuations[index] ?? [];
    for (const token of continuation) {
      if (nextToken(context, vocabularySize) === token) expected += 1;
      context = advance(context, token);
    }
    positions += continuation.length;
    equalPositions += expected;
    return expected * Math.LN2 - continuation.length * surprise;
  });
  return { equalPositions, positions, logLikelihoods };
}
