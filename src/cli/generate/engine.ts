/** The engine of `hayasa generate`: the one asked for, or the one that reads the model's format without converting it. */
import type { EngineDeclaration } from '../../engines/declaration.ts';
import { engineDeclaration } from '../../engines/declarations.ts';
import { EXIT, HayasaError } from '../../kernel/errors.ts';
import type { GenerateModel } from './model.ts';

export function engineFor(asked: string | undefined, model: GenerateModel): EngineDeclaration {
  const id = asked ?? (model.format === 'gguf' ? 'llama-cpp' : 'onnxruntime');
  const declaration = engineDeclaration(id);
  if (declaration !== undefined) return declaration;
  throw new HayasaError({
    code: 'generate/unknown-engine',
    message: { en: `unknown engine ${JSON.stringify(id)}`, ja: `未知のエンジン ${JSON.stringify(id)}` },
    exitCode: EXIT.badInput,
  });
}
