/**
 * What `--model` names: a preset (also by its name on the hub), a folder with a checkpoint, a GGUF file, or a model of the
 * hub. A file or folder wins over the hub; `@revision` always means the hub.
 */
import { basename, dirname, resolve } from 'node:path';
import type { Files, Host } from '../host/host.ts';
import { HayasaError } from '../kernel/errors.ts';
import { type HubId, parseHubId } from '../models/hub-id.ts';
import { findPreset, PRESETS, type Preset } from '../models/presets.ts';

export type NamedModel =
  | { readonly kind: 'preset'; readonly preset: Preset }
  /** Absolute paths. */
  | { readonly kind: 'folder' | 'file'; readonly path: string }
  | { readonly kind: 'hub'; readonly id: HubId };

/** @throws HayasaError `model/not-found` */
export function namedModel({ files, system }: Host, named: string): NamedModel {
  const preset = findPreset(named);
  if (preset !== undefined) return { kind: 'preset', preset };
  const path = resolve(system.currentFolder, named);
  const kind = files.kind(path) ?? deadLink(files, path);
  const id = kind === undefined ? parseHubId(named) : undefined;
  if (id !== undefined) return { kind: 'hub', id };
  if (kind === undefined) {
    throw new HayasaError({
      code: 'model/not-found',
      message: {
        en: `--model ${named}: neither a preset nor a file or folder, nor a name of the hub (owner/name)`,
        ja: `--model ${named}: プリセットでも、ファイルやフォルダーでも、ハブの名前（owner/name）でもありません`,
      },
      hint: {
        en: `presets: ${PRESETS.map(({ id }) => id).join(', ')}`,
        ja: `プリセット: ${PRESETS.map(({ id }) => id).join(', ')}`,
      },
    });
  }
  return { kind: kind === 'file' ? 'file' : 'folder', path };
}

/** A link that leads nowhere, or in a circle, was meant as a path all the same: opening it tells what is wrong with it. */
const deadLink = (files: Files, path: string): 'folder' | 'file' | undefined => {
  const folder = dirname(path);
  if (files.kind(folder) !== 'folder' || !files.list(folder).includes(basename(path))) return undefined;
  return path.endsWith('.gguf') ? 'file' : 'folder';
};
