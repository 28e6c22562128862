/** llama.cpp through libllama's own C API: what it can do, and what a cell needs. Pure. */
import type { Cell } from '../../axes/cell.ts';
import { architectureById, describeShape } from '../../models/architectures/registry.ts';
import { weightBytes } from '../../models/counts.ts';
import type { ModelShape } from '../../models/shape.ts';
import {
  type EngineDeclaration,
  type MemoryEstimate,
  type Support,
  supported,
  unsupported,
} from '../declaration.ts';
import { hugePageEnvironment } from '../huge-pages.ts';
import { llamaCppBuilds } from './builds.ts';
import { contextMemory, contextProblem } from './context-needs.ts';
import { modelFiles } from './model-files.ts';
import { llamaCppOptions } from './options.ts';
import { llamaPrecision, llamaPrecisions } from './precisions.ts';

/** ggml stores a float16 scale per block, norms and biases in float32, and quantises the embedding too. */
const storage = { scaleBytes: 2, plainBytes: 4, quantisedEmbedding: true } as const;

export const llamaCppDeclaration: EngineDeclaration = {
  id: 'llama-cpp',
  title: 'llama.cpp',
  summary: {
    en: 'libllama v0.4.0 through its C API, on GGUF files written from the checkpoint (or any GGUF file as it is)',
    ja: 'libllama v0.4.0 を C API で。チェックポイントから書き出した GGUF ファイル（または任意の GGUF ファイルをそのまま）',
  },
  options: llamaCppOptions,
  precisions: llamaPrecisions.map(({ name, effective, ownName, note }) => ({
    name,
    effective,
    ownName,
    note,
  })),
  capabilities: {
    devices: ['cpu'],
    architectures: ['gpt-neox', 'llama', 'mistral', 'qwen2', 'qwen3', 'gemma3'],
    staticBatching: true,
    continuousBatching: true,
    raggedPrompts: true,
    naturalStop: true,
    depth: true,
    logits: true,
    sampling: true,
    cancel: true,
  },
  supports,
  estimateMemory,
  estimateCacheBytes: (cell, shape) => weightBytesOf(cell, shape),
  environment: hugePageEnvironment,
  modelFiles,
  conformanceExceptions: {},
  versionDifferences: Object.fromEntries(
    llamaCppBuilds.map(({ name, device, package: npmPackage }) => [
      name,
      {
        summary: {
          en: `${npmPackage}, all layers on one GPU; never run on one`,
          ja: `${npmPackage}、全層を 1 つの GPU に。GPU での実行はまだない`,
        },
        capabilities: { devices: [device] },
      },
    ]),
  ),
  worker: { kind: 'node', builds: llamaCppBuilds },
};

function supports(cell: Cell, shape: ModelShape): Support {
  const precision = llamaPrecision(cell.precision);
  if (precision === undefined) {
    const known = llamaPrecisions.map(({ name }) => name).join(', ');
    return unsupported({
      en: `llama.cpp has no ${cell.precision}; use one of ${known}`,
      ja: `llama.cpp に ${cell.precision} はありません。${known} のどれかを使ってください`,
    });
  }
  const otherwise = architectureById(shape.architecture).gguf.problem(shape);
  if (otherwise !== undefined) return unsupported(otherwise);
  const rows = [shape.hiddenSize, shape.feedForwardSize, shape.headCount * shape.headSize];
  const odd = precision.effective.groupSize === undefined ? undefined : rows.find((size) => size % 32 !== 0);
  if (odd !== undefined) {
    return unsupported({
      en: `${precision.ownName} needs rows of a multiple of 32 values, not ${odd}; use fp32 or fp16`,
      ja: `${precision.ownName} には行の値の数が 32 の倍数である必要があり、${odd} では使えません。fp32 か fp16 を使ってください`,
    });
  }
  const problem = contextProblem(cell, precision, shape.headSize);
  return problem === undefined ? supported : unsupported(problem);
}

function estimateMemory(cell: Cell, shape: ModelShape): MemoryEstimate {
  const precision = llamaPrecision(cell.precision);
  if (precision === undefined) throw new RangeError(`no ${cell.precision}: the cell is not supported`);
  return contextMemory(cell, precision, {
    ...shape,
    weightBytes: weightBytesOf(cell, shape),
    isQuantised: precision.effective.groupSize !== undefined,
  });
}

/** Bytes of the tensors in the file; a tied head counts a second time where llama.cpp wants its own. */
function weightBytesOf(cell: Cell, shape: ModelShape): number {
  const precision = llamaPrecision(cell.precision);
  if (precision === undefined) return 0;
  const isCopied = architectureById(shape.architecture).gguf.tiedHead === 'copied';
  const written = describeShape(isCopied ? { ...shape, tiedEmbeddings: false } : shape);
  return weightBytes(written, precision.effective, storage);
}
