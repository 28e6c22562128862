/** The registry of engines: one line each. Study, plan, help, docs and reports read it. */
import { betterTransformerDeclaration } from './bettertransformer/declaration.ts';
import { ctranslate2Declaration } from './ctranslate2/declaration.ts';
import type { EngineDeclaration } from './declaration.ts';
import { deepSpeedDeclaration } from './deepspeed/declaration.ts';
import { fasterTransformerDeclaration } from './fastertransformer/declaration.ts';
import { llamaCppDeclaration } from './llama-cpp/declaration.ts';
import { onnxruntimeDeclaration } from './onnxruntime/declaration.ts';
import { openvinoDeclaration } from './openvino/declaration.ts';
import { optimumOnnxruntimeDeclaration } from './optimum-onnxruntime/declaration.ts';
import { simDeclaration } from './sim/declaration.ts';
import { transformersDeclaration } from './transformers/declaration.ts';
import { vllmDeclaration } from './vllm/declaration.ts';

export const ENGINE_DECLARATIONS: readonly EngineDeclaration[] = [
  onnxruntimeDeclaration,
  llamaCppDeclaration,
  transformersDeclaration,
  betterTransformerDeclaration,
  optimumOnnxruntimeDeclaration,
  openvinoDeclaration,
  ctranslate2Declaration,
  deepSpeedDeclaration,
  fasterTransformerDeclaration,
  vllmDeclaration,
  simDeclaration,
];

/** The declaration of the engine `id`, or undefined. */
export const engineDeclaration = (id: string): EngineDeclaration | undefined =>
  ENGINE_DECLARATIONS.find((declaration) => declaration.id === id);
