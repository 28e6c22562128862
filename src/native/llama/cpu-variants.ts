/**
 * The CPU code of ggml comes as one library per instruction set. Each says with a score whether it runs here (0 = no)
 * and how much of this CPU it uses; the best is loaded, and its name belongs to every result.
 */
import { basename, join } from 'node:path';
import koffi from 'koffi';
import { HayasaError } from '../../kernel/errors.ts';

export interface CpuVariant {
  /** `zen4`, `haswell`, ... */
  readonly name: string;
  readonly path: string;
  /** ggml's own score: higher uses more of this CPU, 0 does not run here. */
  readonly score: number;
}

const variantName = /^libggml-cpu-(.+)\.so$/;

/**
 * Every variant among `fileNames` of `folder` with its score on this CPU, best first.
 * libggml must be loaded before (a variant that is unloaded would otherwise take it along).
 */
export function scoreVariants(folder: string, fileNames: readonly string[]): CpuVariant[] {
  return fileNames
    .flatMap((fileName) => {
      const name = variantName.exec(basename(fileName))?.[1];
      if (name === undefined) return [];
      const path = join(folder, basename(fileName));
      const library = koffi.load(path);
      const score = library.func('ggml_backend_score', 'int', [])() as number;
      library.unload();
      return [{ name, path, score }];
    })
    .sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1));
}

/** The best variant that runs here. @throws HayasaError `llama/no-cpu-variant` */
export function bestVariant(variants: readonly CpuVariant[], folder: string): CpuVariant {
  const best = variants[0];
  if (best !== undefined && best.score > 0) return best;
  throw new HayasaError({
    code: 'llama/no-cpu-variant',
    message: {
      en: `none of the ${variants.length} CPU libraries of llama.cpp in ${folder} runs on this CPU`,
      ja: `${folder} にある llama.cpp の CPU ライブラリ ${variants.length} 個のどれも、この CPU では動きません`,
    },
    hint: {
      en: 'reinstall the package, or use another engine',
      ja: 'パッケージを入れ直すか、別のエンジンを使ってください',
    },
  });
}
