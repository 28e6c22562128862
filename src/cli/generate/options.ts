/** The options of `hayasa generate`. */
import { ENGINE_DECLARATIONS } from '../../engines/declarations.ts';
import { PRECISION_NAMES } from '../../models/precision.ts';
import { offlineOption } from '../models/fetch-model.ts';
import { choice, decimal, flag, integer, json, required, text, tokenIds } from '../options.ts';

const ids = ENGINE_DECLARATIONS.map(({ id }) => id);

export const generateOptions = {
  model: required(
    text(
      'MODEL',
      'a preset, a folder with config.json and safetensors, a GGUF file, or a model of the hub (owner/name)',
    ),
  ),
  engine: choice('ENGINE', 'the engine; default: llama-cpp for GGUF files, else onnxruntime', ids, undefined),
  precision: choice(
    'NAME',
    'the precision; default: fp32, and file (as it is stored) for GGUF files',
    PRECISION_NAMES,
    undefined,
  ),
  promptIds: tokenIds('IDS', 'the prompt as token ids'),
  prompt: text('TEXT', "the prompt as text (needs the model's tokenizer)"),
  chat: flag("put the prompt into the model's chat template, as a user's message"),
  system: text('TEXT', 'with --chat: the system message'),
  text: text('FILE', 'cut the prompts, all different, from a UTF-8 text (needs a tokenizer too)'),
  inputTokens: integer(
    'N',
    'length of a random prompt, or of one cut from a text; default: 16',
    1,
    undefined,
  ),
  outputTokens: integer('N', 'new tokens of each sequence', 1, 32),
  batch: integer('N', 'sequences generated together', 1, 1),
  threads: integer('N', 'threads; default: one per core that may be used', 1, undefined),
  naturalStop: flag('end with the end-of-text token; --output-tokens is then a maximum'),
  temperature: decimal(
    'T',
    'draw tokens, logits divided by T; 0 takes the most likely one (greedy)',
    { above: 0, maximum: 100 },
    0,
  ),
  topK: integer('K', 'with --temperature: draw among the K most likely tokens; 0: all', 0, 0),
  topP: decimal(
    'P',
    'with --temperature: draw among the fewest most likely tokens that reach P; 1: all',
    { above: 0, maximum: 1 },
    1,
  ),
  engineOptions: text('LIST', "the engine's own options: kvCache=off,prepacking=false (see hayasa engines)"),
  seed: integer(
    'N',
    'seed of random prompts, of the places of a text that they are cut from, and of drawn tokens',
    0,
    0,
  ),
  offline: offlineOption,
  json,
};
