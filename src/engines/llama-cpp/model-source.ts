/** The GGUF file of a load request: the one it names, or one written from the checkpoint into the cache. */
import type { Host } from '../../host/host.ts';
import { openCheckpoint } from '../../models/checkpoint/open.ts';
import { ensureGguf } from '../../models/gguf/write.ts';
import { FailureError } from '../../protocol/failure-error.ts';
import type { LoadRequest } from '../../protocol/frames.ts';
import { type LlamaPrecision, llamaPrecisions } from './precisions.ts';

export interface ModelFile {
  readonly path: string;
  readonly bytesWritten: number;
  /** False where the user's own GGUF file is taken as it is. */
  readonly isConverted: boolean;
}

/** @throws HayasaError of the checkpoint, FailureError `bad-checkpoint` */
export function modelFile(
  host: Pick<Host, 'files'>,
  request: LoadRequest,
  precision: LlamaPrecision,
  onProgress: (fraction: number) => void,
): ModelFile {
  const { files } = host;
  if (files.kind(request.modelPath) === 'file') {
    checkMagic(host, request.modelPath);
    return { path: request.modelPath, bytesWritten: 0, isConverted: false };
  }
  if (precision.type === undefined) {
    throw new FailureError({
      cause: 'unsupported',
      message: {
        en: `precision ${precision.name} takes a GGUF file as it is, and ${request.modelPath} is no file`,
        ja: `精度 ${precision.name} は GGUF ファイルをそのまま使いますが、${request.modelPath} はファイルではありません`,
      },
      hint: {
        en: `use one of ${llamaPrecisions.map(({ name }) => name).join(', ')}`,
        ja: `次のどれかを使ってください: ${llamaPrecisions.map(({ name }) => name).join(', ')}`,
      },
    });
  }
  const checkpoint = openCheckpoint(files, request.modelPath);
  const { path, bytesWritten } = ensureGguf(
    host,
    checkpoint,
    precision.type,
    request.cacheFolder,
    onProgress,
  );
  return { path, bytesWritten, isConverted: true };
}

function checkMagic({ files }: Pick<Host, 'files'>, path: string): void {
  const size = files.size(path) ?? 0;
  const magic = size < 4 ? '' : new TextDecoder().decode(files.readRange(path, 0, 4));
  if (magic === 'GGUF') return;
  throw new FailureError({
    cause: 'bad-checkpoint',
    message: {
      en: `${path} is no GGUF file: it does not start with GGUF`,
      ja: `${path} は GGUF ファイルではありません: GGUF で始まっていません`,
    },
    hint: {
      en: 'give a GGUF file, or a folder with config.json and safetensors files',
      ja: 'GGUF ファイルか、config.json と safetensors ファイルのあるフォルダーを指定してください',
    },
  });
}
