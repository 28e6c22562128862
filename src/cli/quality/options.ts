/** The options of `hayasa quality`. */
import { PRECISION_NAMES } from '../../models/precision.ts';
import { offlineOption } from '../models/fetch-model.ts';
import { integer, json, names, required, text } from '../options.ts';

export const qualityOptions = {
  model: required(
    text(
      'MODEL',
      'a folder with config.json and safetensors, a GGUF file, or a model of the hub (owner/name)',
    ),
  ),
  text: text('FILE', 'a UTF-8 text; default: the Japanese essays that ship with Hayasa'),
  tokenizer: text(
    'PATH',
    "the tokenizer, where the model's folder has none: a file, a folder or a GGUF file",
  ),
  engines: names('IDS', 'engines, separated by commas; default: every one that is ready and gives logits'),
  precisions: names(
    'NAMES',
    `precisions, separated by commas: ${PRECISION_NAMES.join(', ')}; default: all of each engine`,
  ),
  characters: integer('N', 'length of the text that is used, from its beginning', 2, 2000),
  window: integer('N', 'characters of a window, at least', 1, 100),
  context: integer('N', 'tokens before a window that the model sees, at most', 1, 256),
  threads: integer('N', 'threads; default: one per core that may be used', 1, undefined),
  offline: offlineOption,
  json,
};
