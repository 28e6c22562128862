/**
 * Which safetensors files of a folder hold the weights: `model.safetensors`, or the shards that
 * `model.safetensors.index.json` names. Names that would leave the folder are refused, pickles are never opened.
 */

import { z } from 'zod';
import type { Files } from '../../host/host.ts';
import { HayasaError, ProblemsError } from '../../kernel/errors.ts';
import type { Words } from '../../kernel/language.ts';
import { problemsOf } from '../architectures/config-problems.ts';
import { readJsonFile } from './json-file.ts';
import { problemList } from './problem-list.ts';

export const SINGLE_FILE = 'model.safetensors';
export const INDEX_FILE = 'model.safetensors.index.json';

export interface WeightFiles {
  /** Names inside the folder, each once. */
  readonly names: readonly string[];
  /** Tensor name -> file name, where an index says so. */
  readonly index: ReadonlyMap<string, string> | undefined;
}

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

/**
 * The weight files of `folder` (absolute).
 * @throws HayasaError `checkpoint/pickle`, `checkpoint/no-weights`
 * @throws ProblemsError with every missing shard and every forbidden name of the index
 */
export function findWeightFiles(files: Files, folder: string): WeightFiles {
  const present = files.list(folder);
  if (present.includes(SINGLE_FILE)) return { names: [SINGLE_FILE], index: undefined };
  if (present.includes(INDEX_FILE)) return readIndex(files, folder);
  const pickles = present.filter(isPickle);
  const gguf = present.find((name) => name.endsWith('.gguf'));
  if (gguf !== undefined) {
    throw noWeights(folder, {
      en: `give the file itself: ${folder}/${gguf}`,
      ja: `ファイルそのものを指定してください: ${folder}/${gguf}`,
    });
  }
  if (pickles.length > 0) throw pickled(folder, pickles);
  throw noWeights(folder, {
    en: `a checkpoint folder holds config.json and ${SINGLE_FILE} or ${INDEX_FILE}`,
    ja: `チェックポイントのフォルダーには config.json と、${SINGLE_FILE} か ${INDEX_FILE} が必要です`,
  });
}

/** Names of files that PyTorch pickles weights into. */
export const isPickle = (name: string): boolean => /\.(?:bin|pt|pth|ckpt|pkl)$/.test(name);

/** `path` holds, or is, nothing but pickled weights. */
export const pickled = (path: string, names: readonly string[]): HayasaError =>
  new HayasaError({
    code: 'checkpoint/pickle',
    message: {
      en: `${path}: only pickled weights (${names.slice(0, 3).join(', ')}), which can run code when opened`,
      ja: `${path}: 重みが pickle 形式（${names.slice(0, 3).join(', ')}）だけで、開くとコードが実行されるおそれがあります`,
    },
    hint: {
      en: 'save it once as safetensors (transformers: save_pretrained(..., safe_serialization=True)), or measure the same shape with `hayasa models make`',
      ja: '一度 safetensors で保存する（transformers: save_pretrained(..., safe_serialization=True)）か、`hayasa models make` で同じ形のモデルを作って計測してください',
    },
  });

function readIndex(files: Files, folder: string): WeightFiles {
  const path = `${folder}/${INDEX_FILE}`;
  const parsed = indexSchema.safeParse(readJsonFile(files, path), { reportInput: true });
  if (!parsed.success) throw new ProblemsError(path, problemsOf(parsed.error));
  const index = new Map(Object.entries(parsed.data.weight_map));
  const names = [...new Set(index.values())].sort();
  const problems = problemList(path);
  if (names.length === 0)
    problems.add({
      path: 'weight_map',
      message: { en: 'names no tensor', ja: 'テンソルが 1 つも書かれていません' },
    });
  for (const name of names) {
    const shown = { path: 'weight_map', value: JSON.stringify(name) };
    if (!staysInside(name))
      problems.add({ ...shown, message: { en: 'leaves the folder', ja: 'フォルダーの外を指しています' } });
    else if (!name.endsWith('.safetensors'))
      problems.add({
        ...shown,
        message: { en: 'is no safetensors file', ja: 'safetensors ファイルではありません' },
      });
    else if (!exists(files, folder, name))
      problems.add({ ...shown, message: { en: 'missing shard', ja: 'シャードがありません' } });
  }
  problems.throwIfAny();
  return { names, index };
}

/** A link that leads nowhere counts as existing: opening it tells what is wrong with it. */
function exists(files: Files, folder: string, name: string): boolean {
  return files.kind(`${folder}/${name}`) !== undefined || files.list(folder).includes(name);
}

/** Neither absolute, nor upwards, nor with a drive; back-slashes separate on Windows. */
function staysInside(name: string): boolean {
  const segments = name.split(/[/\\]/);
  return (
    !name.includes('\0') &&
    !/^[A-Za-z]:/.test(name) &&
    !segments.some((part) => part === '' || /^\.+$/.test(part))
  );
}

const noWeights = (folder: string, hint: Words): HayasaError =>
  new HayasaError({
    code: 'checkpoint/no-weights',
    message: { en: `${folder}: no safetensors weights`, ja: `${folder}: safetensors の重みがありません` },
    hint,
  });
