/** The options of `hayasa quality`. */
import { PRECISION_NAMES } from '../../models/precision.ts';
import { offlineOption } from '../models/offline-option.ts';
import { integer, json, names, required, text } from '../options.ts';

export const qualityOptions = {
  model: required(
    text('MODEL', {
      en: 'a folder with config.json and safetensors, a GGUF file, or a model of the hub (owner/name)',
      ja: 'config.json と safetensors のフォルダー、GGUF ファイル、またはハブのモデル（owner/name）',
    }),
  ),
  text: text('FILE', {
    en: 'a UTF-8 text; default: the Japanese essays that ship with Hayasa',
    ja: 'UTF-8 の文章。既定は Hayasa に付属する日本語の随筆',
  }),
  tokenizer: text('PATH', {
    en: "the tokenizer, where the model's folder has none: a file, a folder or a GGUF file",
    ja: 'モデルのフォルダーにトークナイザーがない場合の、そのファイル、フォルダー、または GGUF ファイル',
  }),
  engines: names('IDS', {
    en: 'engines, separated by commas; default: every one that is ready and gives logits',
    ja: 'エンジン、コンマ区切り。既定は使用可能でロジットを出せるもの全部',
  }),
  precisions: names('NAMES', {
    en: `precisions, separated by commas: ${PRECISION_NAMES.join(', ')}; default: all of each engine`,
    ja: `精度、コンマ区切り: ${PRECISION_NAMES.join(', ')}。既定は各エンジンのすべて`,
  }),
  characters: integer(
    'N',
    { en: 'length of the text that is used, from its beginning', ja: '使う文章の長さ（先頭から）' },
    2,
    2000,
  ),
  window: integer('N', { en: 'characters of a window, at least', ja: '窓の文字数（少なくとも）' }, 1, 100),
  context: integer(
    'N',
    {
      en: 'tokens before a window that the model sees, at most',
      ja: '窓の前にモデルが見るトークン数（最大）',
    },
    1,
    256,
  ),
  threads: integer(
    'N',
    { en: 'threads; default: one per core that may be used', ja: 'スレッド数。既定は使えるコアごとに 1 つ' },
    1,
    undefined,
  ),
  offline: offlineOption,
  json,
};
