/** `hayasa models`: presets that can be made here, and the models on this machine. */
import { join, resolve } from 'node:path';
import { EXIT } from '../../kernel/errors.ts';
import { listLocalModels, listPresets } from '../../models/list.ts';
import { SYNTHETIC_FOLDER } from '../../models/synthetic/ensure.ts';
import { defineCommand } from '../command.ts';
import { localModelsText, presetsText } from '../models/models-text.ts';
import { json, text } from '../options.ts';

export const modelsCommand = defineCommand({
  name: 'models',
  summary: 'presets and local checkpoints; models make PRESET writes a synthetic one',
  description:
    'Lists the presets (exact shapes of published models, with exact counts) and the models found in the cache, or in the folder that --folder names: checkpoints (config.json and safetensors) and GGUF files. A damaged one is shown with its reason.',
  arguments: [],
  options: {
    folder: text('DIR', 'where to look for models; default: the synthetic ones in the cache'),
    json,
  },
  examples: [
    { line: 'hayasa models', comment: 'what can be measured without a download' },
    { line: 'hayasa models --folder ~/models', comment: 'checkpoints of your own' },
    {
      line: 'hayasa models make open-calm-small',
      comment: 'write a synthetic checkpoint of the exact shape',
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
        ? JSON.stringify({ presets, folder, local }, null, 2)
        : `${presetsText(presets)}\n\n${localModelsText(folder, local)}`,
    );
    return EXIT.ok;
  },
});
