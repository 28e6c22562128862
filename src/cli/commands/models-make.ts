/** `hayasa models make`: writes a synthetic checkpoint of a preset's exact shape. */

import { resolve } from 'node:path';
import type { Files } from '../../host/host.ts';
import { EXIT, HayasaError } from '../../kernel/errors.ts';
import { MARKER_FILE } from '../../models/checkpoint/marker.ts';
import { openCheckpoint } from '../../models/checkpoint/open.ts';
import { presetOf } from '../../models/presets.ts';
import { ensureSyntheticCheckpoint } from '../../models/synthetic/ensure.ts';
import { writeSyntheticCheckpoint } from '../../models/synthetic/synthetic-checkpoint.ts';
import { defineCommand } from '../command.ts';
import { writingPreset } from '../generate/model.ts';
import { originText } from '../models/models-text.ts';
import { choice, integer, json, text } from '../options.ts';
import { formatBytes } from '../ui/numbers.ts';
import { stageView } from '../ui/progress-view.ts';

export const modelsMakeCommand = defineCommand({
  name: 'models make',
  summary: {
    en: 'write a synthetic checkpoint of the exact shape',
    ja: '正確な形状の合成チェックポイントを書き出す',
  },
  description: {
    en: 'Writes config.json and model.safetensors with random weights of the preset: the speed of the published model, not its text. Without --out it goes to the cache, where studies find it, and is made only once. Memory does not grow with its size.',
    ja: 'config.json と model.safetensors を、プリセットの形状と乱数の重みで書き出します: 公開モデルの速さで動きますが、文章は書けません。--out がなければキャッシュに置かれ、スタディはそこで見つけます。作るのは一度だけです。メモリの使用量は大きさによりません。',
  },
  arguments: [
    {
      name: 'PRESET',
      summary: {
        en: 'name of a preset (hayasa models lists them)',
        ja: 'プリセットの名前（hayasa models が一覧する）',
      },
      required: true,
    },
  ],
  options: {
    dtype: choice('DTYPE', { en: 'format of the weights', ja: '重みの形式' }, ['F32', 'F16', 'BF16'], 'F32'),
    seed: integer('N', { en: 'seed of the random weights', ja: '乱数の重みのシード' }, 0, 0),
    out: text('DIR', {
      en: 'folder to write to; default: in the cache',
      ja: '書き出すフォルダー。既定はキャッシュの中',
    }),
    json,
  },
  examples: [
    {
      line: 'hayasa models make open-calm-small',
      comment: { en: 'once, into the cache', ja: '一度だけ、キャッシュに' },
    },
    {
      line: 'hayasa models make open-calm-1b --dtype F16 --out ./1b',
      comment: { en: 'somewhere else, in float16', ja: '別の場所に、float16 で' },
    },
  ],
  run: async ({ host, terminal }, { dtype, seed, out, json: asJson }, [id = '']) => {
    const { say } = terminal;
    const preset = presetOf(id);
    const view = stageView(terminal);
    const onProgress = (written: number, total: number): void =>
      asJson ? undefined : view.show(writingPreset(preset.id), written / total);
    const folder = out === undefined ? undefined : resolve(host.system.currentFolder, out);
    if (folder !== undefined) {
      refusePublished(host.files, folder);
      const { shape } = preset;
      writeSyntheticCheckpoint(host.files, { shape, preset: preset.id, seed, dtype, folder }, onProgress);
    }
    const made = folder ?? ensureSyntheticCheckpoint(host, preset, seed, dtype, onProgress);
    view.close();
    const { totalBytes, modelHash, origin } = openCheckpoint(host.files, made);
    terminal.write(
      asJson
        ? JSON.stringify(
            { folder: made, preset: preset.id, dtype, seed, totalBytes, modelHash, origin },
            null,
            2,
          )
        : `${made}\n${formatBytes(totalBytes)}, ${dtype}, ${originText(origin, say)}`,
    );
    return EXIT.ok;
  },
});

/** Random weights take the place of random weights alone. @throws HayasaError `file/exists` */
function refusePublished(files: Files, folder: string): void {
  const present = files.kind(folder) === 'folder' ? files.list(folder) : [];
  const isModel = present.some((name) => name === 'config.json' || name.endsWith('.safetensors'));
  if (files.kind(folder) !== 'file' && (!isModel || present.includes(MARKER_FILE))) return;
  throw new HayasaError({
    code: 'file/exists',
    message: {
      en: `${folder}: there is a ${isModel ? 'model' : 'file'} already, and not one with synthetic weights`,
      ja: `${folder}: 合成の重みではない${isModel ? 'モデル' : 'ファイル'}がすでにあります`,
    },
    hint: { en: 'name another folder with --out', ja: '--out で別のフォルダーを指定してください' },
  });
}
