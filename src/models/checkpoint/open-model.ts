/** A model given by a path: a checkpoint folder, or one GGUF file. */
import type { Files } from '../../host/host.ts';
import type { Checkpoint } from './checkpoint.ts';
import { type GgufModel, openGguf } from './gguf-model.ts';
import { openCheckpoint } from './open.ts';

export type OpenedModel =
  | { readonly kind: 'checkpoint'; readonly checkpoint: Checkpoint }
  | { readonly kind: 'gguf'; readonly gguf: GgufModel };

/** Opens what lies at `path`, by its name: `*.gguf` is a file. @throws as openCheckpoint and openGguf do */
export function openModel(files: Files, path: string): OpenedModel {
  return path.endsWith('.gguf') && files.kind(path) !== 'folder'
    ? { kind: 'gguf', gguf: openGguf(files, path) }
    : { kind: 'checkpoint', checkpoint: openCheckpoint(files, path) };
}
