/** What `--model` names: a preset, a folder with a checkpoint, or a GGUF file. */
import { resolve } from 'node:path';
import type { Host } from '../host/host.ts';
import { HayasaError } from '../kernel/errors.ts';
import { findPreset, PRESETS, type Preset } from '../models/presets.ts';

export type NamedModel =
  | { readonly kind: 'preset'; readonly preset: Preset }
  /** Absolute paths. */
  | { readonly kind: 'folder' | 'file'; readonly path: string };

/** @throws HayasaError `model/not-found` */
export function namedModel({ files, system }: Host, named: string): NamedModel {
  const preset = findPreset(named);
  if (preset !== undefined) return { kind: 'preset', preset };
  const path = resolve(system.currentFolder, named);
  const kind = files.kind(path);
  if (kind === undefined) {
    throw new HayasaError({
      code: 'model/not-found',
      message: `--model ${named}: neither a preset nor a file or folder`,
      hint: `presets: ${PRESETS.map(({ id }) => id).join(', ')}`,
    });
  }
  return { kind: kind === 'file' ? 'file' : 'folder', path };
}
