/** The model that `--model` names: a preset (made in the cache where it is not there), a folder, or a GGUF file. */

import type { Host } from '../../host/host.ts';
import type { Words } from '../../kernel/language.ts';
import type { Maybe } from '../../kernel/maybe.ts';
import type { Origin } from '../../models/checkpoint/checkpoint.ts';
import { openModel } from '../../models/checkpoint/open-model.ts';
import { endOfTextTokens } from '../../models/end-of-text.ts';
import type { ModelFile } from '../../models/model-file.ts';
import type { ModelShape } from '../../models/shape.ts';
import { ensureSyntheticCheckpoint } from '../../models/synthetic/ensure.ts';
import type { TextTokenizer } from '../../text/text-tokenizer.ts';
import { loadTokenizer } from '../../text/tokenizer.ts';
import type { CommandContext } from '../command.ts';
import { namedModel } from '../model-argument.ts';
import { fetchModel } from '../models/fetch-model.ts';

export interface GenerateModel {
  readonly name: string;
  /** Folder or GGUF file, absolute. */
  readonly path: string;
  readonly format: 'safetensors' | 'gguf';
  readonly modelHash: string;
  readonly origin: Origin;
  /** Undefined for GGUF files of architectures that Hayasa does not describe. */
  readonly shape: ModelShape | undefined;
  /** What a GGUF file says of itself; undefined for folders. */
  readonly file: ModelFile | undefined;
  readonly vocabularySize: number | undefined;
  readonly maximumPositions: number | undefined;
  readonly bosTokenId: number | undefined;
  readonly endOfTextTokens: readonly number[];
  readonly tokenizer: Maybe<TextTokenizer>;
  /** Oddities of its files that do no harm. */
  readonly warnings: readonly Words[];
}

/** @throws HayasaError `model/not-found`, `hub/*`, and whatever is wrong with a checkpoint */
/** What is going on while a preset's weights are made. */
export const writingPreset = (id: string): Words => ({
  en: `writing ${id}, synthetic weights`,
  ja: `${id} を書き出しています（合成した重み）`,
});

export async function findGenerateModel(
  context: CommandContext,
  {
    model: named,
    offline,
    json,
  }: { readonly model: string; readonly offline: boolean; readonly json: boolean },
  onProgress: (name: Words, fraction: number) => void,
): Promise<GenerateModel> {
  const { host } = context;
  const model = namedModel(host, named);
  if (model.kind === 'hub') {
    const { folder } = await fetchModel(context, model.id, { offline, quiet: json });
    return describe(host, named, folder);
  }
  if (model.kind !== 'preset') return describe(host, named, model.path);
  const { preset } = model;
  const folder = ensureSyntheticCheckpoint(host, preset, 0, 'F32', (written, total) => {
    onProgress(writingPreset(preset.id), written / total);
  });
  return describe(host, preset.id, folder);
}

function describe(host: Host, name: string, path: string): GenerateModel {
  const opened = openModel(host.files, path);
  if (opened.kind === 'gguf') {
    const { gguf } = opened;
    return {
      name,
      path: gguf.file,
      format: 'gguf',
      modelHash: gguf.modelHash,
      origin: { kind: 'published', name: gguf.name ?? 'unnamed' },
      shape: gguf.shape,
      file: gguf,
      vocabularySize: gguf.sizes.vocabularySize,
      maximumPositions: gguf.sizes.maximumPositions,
      bosTokenId: gguf.bosTokenId,
      endOfTextTokens: endOfTextTokens(gguf),
      tokenizer: loadTokenizer(host.files, gguf.file, gguf.sizes.vocabularySize),
      warnings: [],
    };
  }
  const { checkpoint } = opened;
  const { shape } = checkpoint;
  return {
    name,
    path: checkpoint.folder,
    format: 'safetensors',
    modelHash: checkpoint.modelHash,
    origin: checkpoint.origin,
    shape,
    file: undefined,
    vocabularySize: shape.vocabularySize,
    maximumPositions: shape.maximumPositions,
    bosTokenId: shape.bosTokenId,
    endOfTextTokens: endOfTextTokens(shape),
    tokenizer: loadTokenizer(host.files, checkpoint.folder, shape.vocabularySize),
    warnings: checkpoint.warnings,
  };
}
