/**
 * Which files of a repository are fetched: configuration, tokenizer and safetensors at its top. Never code, never pickles,
 * never weights in another format.
 */

import { HayasaError } from '../kernel/errors.ts';
import type { Words } from '../kernel/language.ts';

export const SINGLE_FILE = 'model.safetensors';
export const INDEX_FILE = 'model.safetensors.index.json';

/** One of these makes a tokenizer. */
export const TOKENIZERS: readonly string[] = ['tokenizer.json', 'spiece.model', 'tokenizer.model'];

const SMALL_FILES: ReadonlySet<string> = new Set([
  ...TOKENIZERS,
  'config.json',
  'generation_config.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.json',
  'merges.txt',
  'chat_template.jinja',
  'chat_template.json',
]);

/** Everything of a model but its shards: those are known once the index is here. @throws HayasaError `hub/pickle`, `hub/no-safetensors` */
export function wantedFirst(model: string, names: readonly string[], part: 'model' | 'tokenizer'): string[] {
  const small = names.filter((name) => SMALL_FILES.has(name));
  if (part === 'tokenizer') {
    if (!small.some((name) => TOKENIZERS.includes(name))) {
      throw refused(
        'hub/no-tokenizer',
        {
          en: `${model} has no tokenizer that Hayasa reads`,
          ja: `${model} に Hayasa が読めるトークナイザーがありません`,
        },
        { en: `it reads ${TOKENIZERS.join(', ')}`, ja: `読めるもの: ${TOKENIZERS.join(', ')}` },
      );
    }
    return small;
  }
  const weights = [SINGLE_FILE, INDEX_FILE].find((name) => names.includes(name));
  if (weights === undefined) throw noSafetensors(model, names);
  if (!names.includes('config.json')) {
    throw refused(
      'hub/no-config',
      { en: `${model} has no config.json`, ja: `${model} に config.json がありません` },
      {
        en: 'name a repository in the format of Transformers',
        ja: 'Transformers 形式のリポジトリを指定してください',
      },
    );
  }
  return [...small, weights];
}

/** The shards that an index names, or undefined where it isn't one or a name leaves the folder. */
export function shardNames(index: string): string[] | undefined {
  try {
    const map = (JSON.parse(index) as { readonly weight_map?: unknown } | null)?.weight_map;
    if (typeof map !== 'object' || map === null) return undefined;
    const names = [...new Set<unknown>(Object.values(map))];
    const good = names.filter(
      (name): name is string => typeof name === 'string' && /^\w[\w.-]*\.safetensors$/.test(name),
    );
    return good.length === names.length ? good.sort() : undefined;
  } catch {
    return undefined;
  }
}

function noSafetensors(model: string, names: readonly string[]): HayasaError {
  const pickles = names.filter((name) => /\.(?:bin|pt|pth|ckpt|pkl)$/.test(name));
  const gguf = names.filter((name) => name.endsWith('.gguf'));
  if (gguf.length > 0) {
    return refused(
      'hub/no-safetensors',
      {
        en: `${model} has GGUF files and no ${SINGLE_FILE}: ${gguf.slice(0, 3).join(', ')}`,
        ja: `${model} には ${SINGLE_FILE} がなく、GGUF ファイルだけがあります: ${gguf.slice(0, 3).join(', ')}`,
      },
      {
        en: 'fetch one of them and name the file (--model FILE.gguf), or name the repository that it was made from',
        ja: '1 つをダウンロードしてそのファイルを指定する（--model FILE.gguf）か、変換元のリポジトリを指定してください',
      },
    );
  }
  if (pickles.length > 0) {
    return refused(
      'hub/pickle',
      {
        en: `${model} has only pickled weights (${pickles.slice(0, 3).join(', ')}), which can run code when opened; nothing was fetched`,
        ja: `${model} の重みは pickle 形式（${pickles.slice(0, 3).join(', ')}）だけで、開くとコードが実行されるおそれがあります。何もダウンロードしていません`,
      },
      {
        en: 'the hub may have a converted revision (NAME@refs/pr/N, see its pull requests); or save it once as safetensors (transformers: save_pretrained) and name that folder; or measure its shape with `hayasa models make`',
        ja: 'ハブに変換済みのリビジョンがあるかもしれません（NAME@refs/pr/N、プルリクエストを参照）。または一度 safetensors で保存して（transformers: save_pretrained）そのフォルダーを指定するか、`hayasa models make` で同じ形のモデルを作って計測してください',
      },
    );
  }
  return refused(
    'hub/no-safetensors',
    {
      en: `${model} has no ${SINGLE_FILE} or ${INDEX_FILE}`,
      ja: `${model} に ${SINGLE_FILE} も ${INDEX_FILE} もありません`,
    },
    {
      en: 'name a repository with weights in safetensors',
      ja: 'safetensors の重みがあるリポジトリを指定してください',
    },
  );
}

const refused = (code: string, message: Words, hint: Words): HayasaError =>
  new HayasaError({ code, message, hint });
