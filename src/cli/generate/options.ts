/** The options of `hayasa generate`. */
import { ENGINE_DECLARATIONS } from '../../engines/declarations.ts';
import { PRECISION_NAMES } from '../../models/precision.ts';
import { offlineOption } from '../models/offline-option.ts';
import { choice, decimal, flag, integer, json, required, text, tokenIds } from '../options.ts';

const ids = ENGINE_DECLARATIONS.map(({ id }) => id);

export const generateOptions = {
  model: required(
    text('MODEL', {
      en: 'a preset, a folder with config.json and safetensors, a GGUF file, or a model of the hub (owner/name)',
      ja: 'プリセット、config.json と safetensors のフォルダー、GGUF ファイル、またはハブのモデル（owner/name）',
    }),
  ),
  engine: choice(
    'ENGINE',
    {
      en: 'the engine; default: llama-cpp for GGUF files, else onnxruntime',
      ja: 'エンジン。既定は GGUF ファイルなら llama-cpp、他は onnxruntime',
    },
    ids,
    undefined,
  ),
  precision: choice(
    'NAME',
    {
      en: 'the precision; default: fp32, and file (as it is stored) for GGUF files',
      ja: '精度。既定は fp32、GGUF ファイルなら file（保存されたまま）',
    },
    PRECISION_NAMES,
    undefined,
  ),
  promptIds: tokenIds('IDS', { en: 'the prompt as token ids', ja: 'プロンプト（トークン id）' }),
  prompt: text('TEXT', {
    en: "the prompt as text (needs the model's tokenizer)",
    ja: 'プロンプト（文章。モデルのトークナイザーが必要）',
  }),
  chat: flag({
    en: "put the prompt into the model's chat template, as a user's message",
    ja: 'プロンプトを利用者の発言として、モデルのチャットテンプレートに入れる',
  }),
  system: text('TEXT', { en: 'with --chat: the system message', ja: '--chat とともに: システムメッセージ' }),
  text: text('FILE', {
    en: 'cut the prompts, all different, from a UTF-8 text (needs a tokenizer too)',
    ja: '互いに異なるプロンプトを UTF-8 の文章から切り出す（これにもトークナイザーが必要）',
  }),
  inputTokens: integer(
    'N',
    {
      en: 'length of a random prompt, or of one cut from a text; default: 16',
      ja: '乱数のプロンプト、または文章から切り出すプロンプトの長さ。既定は 16',
    },
    1,
    undefined,
  ),
  outputTokens: integer('N', { en: 'new tokens of each sequence', ja: '各系列の新しいトークン数' }, 1, 32),
  batch: integer('N', { en: 'sequences generated together', ja: '一緒に生成する系列の数' }, 1, 1),
  threads: integer(
    'N',
    { en: 'threads; default: one per core that may be used', ja: 'スレッド数。既定は使えるコアごとに 1 つ' },
    1,
    undefined,
  ),
  naturalStop: flag({
    en: 'end with the end-of-text token; --output-tokens is then a maximum',
    ja: '文章の終わりのトークンで終わる。--output-tokens は上限になる',
  }),
  temperature: decimal(
    'T',
    {
      en: 'draw tokens, logits divided by T; 0 takes the most likely one (greedy)',
      ja: 'ロジットを T で割ってトークンを抽選する。0 は最もありそうなものを取る（貪欲）',
    },
    { above: 0, maximum: 100 },
    0,
  ),
  topK: integer(
    'K',
    {
      en: 'with --temperature: draw among the K most likely tokens; 0: all',
      ja: '--temperature とともに: 最もありそうな K 個から抽選する。0 はすべて',
    },
    0,
    0,
  ),
  topP: decimal(
    'P',
    {
      en: 'with --temperature: draw among the fewest most likely tokens that reach P; 1: all',
      ja: '--temperature とともに: 確率の和が P に達する最少のトークンから抽選する。1 はすべて',
    },
    { above: 0, maximum: 1 },
    1,
  ),
  engineOptions: text('LIST', {
    en: "the engine's own options: kvCache=off,prepacking=false (see hayasa engines)",
    ja: 'エンジン自身のオプション: kvCache=off,prepacking=false（hayasa engines を参照）',
  }),
  seed: integer(
    'N',
    {
      en: 'seed of random prompts, of the places of a text that they are cut from, and of drawn tokens',
      ja: '乱数のプロンプト、文章から切り出す位置、抽選するトークンのシード',
    },
    0,
    0,
  ),
  offline: offlineOption,
  json,
};
