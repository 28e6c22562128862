/**
 * Which files of a repository are fetched: configuration, tokenizer and safetensors at its top. Never code, never pickles,
 * never weights in another format.
 */
import { HayasaError } from '../kernel/errors.ts';

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
        `${model} has no tokenizer that Hayasa reads`,
        `it reads ${TOKENIZERS.join(', ')}`,
      );
    }
    return small;
  }
  const weights = [SINGLE_FILE, INDEX_FILE].find((name) => names.includes(name));
  if (weights === undefined) throw noSafetensors(model, names);
  if (!names.includes('config.json')) {
    throw refused(
      'hub/no-config',
      `${model} has no config.json`,
      'name a repository in the format of Transformers',
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
      `${model} has GGUF files and no ${SINGLE_FILE}: ${gguf.slice(0, 3).join(', ')}`,
      'fetch one of them and name the file (--model FILE.gguf), or name the repository that it was made from',
    );
  }
  if (pickles.length > 0) {
    return refused(
      'hub/pickle',
      `${model} has only pickled weights (${pickles.slice(0, 3).join(', ')}), which can run code when opened; nothing was fetched`,
      'the hub may have a converted revision (NAME@refs/pr/N, see its pull requests); or save it once as safetensors (transformers: save_pretrained) and name that folder; or measure its shape with `hayasa models make`',
    );
  }
  return refused(
    'hub/no-safetensors',
    `${model} has no ${SINGLE_FILE} or ${INDEX_FILE}`,
    'name a repository with weights in safetensors',
  );
}

const refused = (code: string, message: string, hint: string): HayasaError =>
  new HayasaError({ code, message, hint });
