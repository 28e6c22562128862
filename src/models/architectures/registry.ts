/** The architectures that Hayasa knows: one line each. */
import { closest, distance } from 'fastest-levenshtein';
import { HayasaError } from '../../kernel/errors.ts';
import { isObject } from '../../kernel/is-object.ts';
import type { ModelShape } from '../shape.ts';
import type { Architecture } from './architecture.ts';
import { shortJson } from './config-problems.ts';
import { gemma3 } from './gemma3.ts';
import { gptNeox } from './gpt-neox.ts';
import { llama } from './llama.ts';
import { mistral } from './mistral.ts';
import { opt } from './opt.ts';
import { qwen2 } from './qwen2.ts';
import { qwen3 } from './qwen3.ts';

/** Every known architecture. */
export const ARCHITECTURES: readonly Architecture[] = [gptNeox, llama, mistral, qwen2, qwen3, gemma3, opt];

/**
 * The architecture of a parsed config.json, by its `model_type`.
 * @throws HayasaError `model/unknown-architecture` with the nearest known one
 */
export function architectureOf(config: unknown): Architecture {
  const modelType = isObject(config) ? config['model_type'] : undefined;
  const found = ARCHITECTURES.find((architecture) => architecture.modelType === modelType);
  if (found !== undefined) return found;
  const known = ARCHITECTURES.map((architecture) => architecture.modelType);
  const near = nearestOf(modelType, known);
  throw new HayasaError({
    code: 'model/unknown-architecture',
    message:
      modelType === undefined
        ? { en: 'config.json: model_type is missing', ja: 'config.json: model_type がありません' }
        : {
            en: `config.json: unknown model_type ${shortJson(modelType)}`,
            ja: `config.json: 未知の model_type ${shortJson(modelType)}`,
          },
    hint: {
      en: `${near === undefined ? '' : `did you mean ${near}? `}known: ${known.join(', ')}; any GGUF file also runs as it is in llama-cpp`,
      ja: `${near === undefined ? '' : `もしかして ${near} ですか? `}対応しているもの: ${known.join(', ')}。GGUF ファイルなら llama-cpp でそのまま動きます`,
    },
  });
}

/** Tensors, names and order of a shape. */
export function describeShape(shape: ModelShape): ReturnType<Architecture['describe']> {
  return architectureById(shape.architecture).describe(shape);
}

/** The architecture called `id` in shapes. @throws HayasaError where the registry lacks it (a defect) */
export function architectureById(id: ModelShape['architecture']): Architecture {
  const found = ARCHITECTURES.find((architecture) => architecture.id === id);
  if (found !== undefined) return found;
  throw new HayasaError({
    code: 'model/unknown-architecture',
    message: { en: `unknown architecture ${id}`, ja: `未知のアーキテクチャ ${id}` },
  });
}

/** A slip of the pen, at most one edit for every three letters: mamba is not meant to be llama. */
function nearestOf(value: unknown, known: readonly string[]): string | undefined {
  if (typeof value !== 'string' || known.length === 0) return undefined;
  const named = value.slice(0, 100);
  const nearest = closest(named, known);
  return 3 * distance(named, nearest) <= named.length ? nearest : undefined;
}
