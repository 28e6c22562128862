/** The cell and the request of `hayasa generate`, from its options. */

import type { Cell, OptionValue } from '../../axes/cell.ts';
import type { EngineDeclaration } from '../../engines/declaration.ts';
import { greedyOnly } from '../../engines/declaration.ts';
import { EXIT, HayasaError, ProblemsError } from '../../kernel/errors.ts';
import { inEvery } from '../../kernel/language.ts';
import type { PrecisionName } from '../../models/precision.ts';
import type { GenerateRequest } from '../../protocol/frames.ts';
import { samplingOf } from '../../run/prompts.ts';
import { GENERATE_DEADLINE_MS } from './generation.ts';
import type { GenerateModel } from './model.ts';
import type { GeneratePrompt } from './prompts.ts';

export interface GenerateWishes {
  readonly precision: PrecisionName;
  readonly options: Readonly<Record<string, OptionValue>>;
  readonly threads: number;
  readonly outputTokens: number;
  readonly naturalStop: boolean;
  /** 0 = greedy. */
  readonly temperature: number;
  /** 0 = all tokens. */
  readonly topK: number;
  /** 1 = all tokens. */
  readonly topP: number;
  /** Of the draws. */
  readonly seed: number;
}

export interface GenerateTask {
  readonly cell: Cell;
  readonly request: Omit<GenerateRequest, 'kind' | 'id'>;
}

/**
 * @throws HayasaError `generate/no-end-of-text` where natural stop is wanted and the model does not say what ends a text,
 * `generate/unsupported` where the engine cannot draw tokens; ProblemsError for settings of sampling without a temperature
 */
export function generateTask(
  declaration: EngineDeclaration,
  model: GenerateModel,
  wishes: GenerateWishes,
  prompts: readonly GeneratePrompt[],
): GenerateTask {
  const { outputTokens, naturalStop } = wishes;
  if (naturalStop && model.endOfTextTokens.length === 0) {
    throw new HayasaError({
      code: 'generate/no-end-of-text',
      message: {
        en: `--natural-stop: ${model.name} does not say which token ends a text`,
        ja: `--natural-stop: ${model.name} には文章の終わりのトークンの指定がありません`,
      },
      hint: {
        en: 'leave --natural-stop out: every sequence then gets exactly --output-tokens tokens',
        ja: '--natural-stop を外してください: どの系列もちょうど --output-tokens 個のトークンになります',
      },
    });
  }
  const batch = prompts.length;
  const sampling = samplingFields(declaration, wishes);
  return {
    cell: {
      task: 'generate',
      model: model.name,
      modelHash: model.modelHash,
      engine: declaration.id,
      engineVersion: undefined,
      options: wishes.options,
      precision: wishes.precision,
      device: 'cpu',
      threads: wishes.threads,
      inputTokens: Math.max(...prompts.map(({ ids }) => ids.length)),
      outputTokens,
      depthTokens: 0,
      batch,
      batching: 'static',
      slots: batch,
      stop: naturalStop ? 'natural' : 'forced',
      promptLengths: 'equal',
      ...sampling,
    },
    request: {
      prompts: prompts.map(({ ids }) => [...ids]),
      depthTokens: 0,
      outputTokens: prompts.map(() => outputTokens),
      batching: 'static',
      slots: batch,
      stopTokens: naturalStop ? [...model.endOfTextTokens] : [],
      ...samplingOf(sampling),
      deadline_ms: GENERATE_DEADLINE_MS,
    },
  };
}

type SamplingFields = Pick<Cell, 'temperature' | 'topK' | 'topP' | 'samplingSeed'>;

function samplingFields(
  { id, title, capabilities }: EngineDeclaration,
  { temperature, topK, topP, seed }: GenerateWishes,
): SamplingFields {
  if (temperature === 0) {
    const problems = [...(topK === 0 ? [] : ['--top-k']), ...(topP === 1 ? [] : ['--top-p'])].map((path) => ({
      path,
      message: {
        en: 'needs --temperature above 0: the most likely token is always taken at 0',
        ja: '0 より大きい --temperature が必要です: 0 では常に最もありそうなトークンが取られます',
      },
    }));
    if (problems.length > 0) throw new ProblemsError('hayasa generate', problems);
    return {};
  }
  if (capabilities.sampling === true) return { temperature, topK, topP, samplingSeed: seed };
  throw new HayasaError({
    code: 'generate/unsupported',
    message: inEvery((say) => `${id}: ${say(greedyOnly(title))}`),
    hint: {
      en: 'use --engine onnxruntime or --engine llama-cpp',
      ja: '--engine onnxruntime か --engine llama-cpp を使ってください',
    },
    exitCode: EXIT.refusedByPlan,
  });
}
