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
import { originText } from '../models/models-text.ts';
import { choice, integer, json, text } from '../options.ts';
import { formatBytes } from '../ui/numbers.ts';
import { stageView } from '../ui/progress-view.ts';

export const modelsMakeCommand = defineCommand({
  name: 'models make',
  summary: 'write a synthetic checkpoint of the exact shape',
  description:
    'Writes config.json and model.safetensors with random weights of the preset: the speed of the published model, not its text. Without --out it goes to the cache, where studies find it, and is made only once. Memory does not grow with its size.',
  arguments: [{ name: 'PRESET', summary: 'name of a preset (hayasa models lists them)', required: true }],
  options: {
    dtype: choice('DTYPE', 'format of the weights', ['F32', 'F16', 'BF16'], 'F32'),
    seed: integer('N', 'seed of the random weights', 0, 0),
    out: text('DIR', 'folder to write to; default: in the cache'),
    json,
  },
  examples: [
    { line: 'hayasa models make open-calm-small', comment: 'once, into the cache' },
    { line: 'hayasa models make open-calm-1b --dtype F16 --out ./1b', comment: 'somewhere else, in float16' },
  ],
  run: async ({ host, terminal }, { dtype, seed, out, json: asJson }, [id = '']) => {
    const preset = presetOf(id);
    const view = stageView(terminal);
    const onProgress = (written: number, total: number): void =>
      asJson ? undefined : view.show(`writing ${preset.id}, synthetic weights`, written / total);
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
        : `${made}\n${formatBytes(totalBytes)}, ${dtype}, ${originText(origin)}`,
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
    message: `${folder}: there is a ${isModel ? 'model' : 'file'} already, and not one with synthetic weights`,
    hint: 'name another folder with --out',
  });
}
