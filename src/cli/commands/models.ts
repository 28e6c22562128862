/** `hayasa models`: presets that can be made here, and the models on this machine. */

import { join, resolve } from 'node:path';
import { EXIT } from '../../kernel/errors.ts';
import { englishOnly } from '../../kernel/language.ts';
import { listLocalModels, listPresets } from '../../models/list.ts';
import { SYNTHETIC_FOLDER } from '../../models/synthetic/ensure.ts';
import { defineCommand } from '../command.ts';
import { localModelsText, presetsText } from '../models/models-text.ts';
import { json, text } from '../options.ts';

export const modelsCommand = defineCommand({
  name: 'models',
  summary: {
    en: 'presets and local checkpoints; models make PRESET writes a synthetic one',
    ja: 'プリセットと手元のチェックポイント。models make PRESET は合成チェックポイントを書き出す',
  },
  description: {
    en: 'Lists the presets (exact shapes of published models, with exact counts) and the models found in the cache, or in the folder that --folder names: checkpoints (config.json and safetensors) and GGUF files. A damaged one is shown with its reason.',
    ja: 'プリセット（公開モデルの正確な形状と正確な数）と、キャッシュまたは --folder のフォルダーにあるモデルを一覧します: チェックポイント（config.json と safetensors）と GGUF ファイル。壊れたものは理由とともに示します。',
  },
  arguments: [],
  options: {
    folder: text('DIR', {
      en: 'where to look for models; default: the synthetic ones in the cache',
      ja: 'モデルを探す場所。既定はキャッシュの中の合成モデル',
    }),
    json,
  },
  examples: [
    {
      line: 'hayasa models',
      comment: { en: 'what can be measured without a download', ja: 'ダウンロードなしで何を測れるか' },
    },
    {
      line: 'hayasa models --folder ~/models',
      comment: { en: 'checkpoints of your own', ja: '自分のチェックポイント' },
    },
    {
      line: 'hayasa models make open-calm-small',
      comment: {
        en: 'write a synthetic checkpoint of the exact shape',
        ja: '正確な形状の合成チェックポイントを書き出す',
      },
    },
  ],
  run: async ({ host, terminal }, options) => {
    const folder = resolve(
      host.system.currentFolder,
      options.folder ?? join(host.system.cacheFolder, SYNTHETIC_FOLDER),
    );
    const presets = listPresets();
    const local = listLocalModels(host.files, folder);
    terminal.write(
      options.json
        ? JSON.stringify({ presets, folder, local }, englishOnly, 2)
        : `${presetsText(presets, terminal.say)}\n\n${localModelsText(folder, local, terminal)}`,
    );
    return EXIT.ok;
  },
});
