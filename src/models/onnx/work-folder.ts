/**
 * The folder that a graph is loaded from. ONNX Runtime only follows external data inside the graph's own folder and
 * refuses symbolic links that leave it, so the folder holds hard links to the checkpoint's files (a copy where the cache
 * is on another file system), the quantised weights, and one graph per variant.
 *
 * <cache>/onnxruntime/<key>/weights-<n>.safetensors, quantised.bin, graph-<variant>.onnx
 * The key is a content hash of the model and the weights' format, so whatever lies there is right or not there at all:
 * every file appears under its name only when it is complete.
 */
import type { Files } from '../../host/host.ts';
import { contentHash } from '../../kernel/canonical.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { GRAPH_WRITER_VERSION, writeModelGraph } from './model-graph.ts';
import { writeQuantisedFile } from './quantised-file.ts';
import { QUANTISED_FILE, type QuantisedFormat, quantisedLayout } from './quantised-layout.ts';
import type { GraphVariant, LinearFormat, TensorLocation } from './variant.ts';

export interface PreparedGraph {
  /** Absolute path of the `.onnx` file. */
  readonly path: string;
  readonly graphBytes: number;
  /** Bytes that were written now: 0 where everything was there. Links count nothing. */
  readonly bytesWritten: number;
  /** Whether the checkpoint's files had to be copied. */
  readonly weightFiles: 'linked' | 'copied';
}

export interface PrepareObserver {
  /** A named part of the work begins; it ends with the next one or with the return. */
  stage(name: 'link-weights' | 'quantise' | 'write-graph'): void;
  progress(stage: string, fraction: number): void;
}

/**
 * Makes sure that the graph of `variant` and everything that it refers to are in the cache.
 * @throws HayasaError `file/disk-full`, `file/no-permission`
 */
export function prepareGraph(
  files: Files,
  checkpoint: Checkpoint,
  variant: GraphVariant,
  cacheFolder: string,
  observer: PrepareObserver,
): PreparedGraph {
  const folder = `${cacheFolder}/onnxruntime/${weightsKey(checkpoint, variant.linear)}`;
  files.makeFolder(folder);

  observer.stage('link-weights');
  const links = linkWeights(files, checkpoint, folder);
  const quantisedBytes =
    variant.linear.kind === 'float'
      ? 0
      : ensureQuantised(files, checkpoint, variant.linear, `${folder}/${QUANTISED_FILE}`, observer);

  observer.stage('write-graph');
  const path = `${folder}/graph-${contentHash(variant)}.onnx`;
  const bytes = writeModelGraph(checkpoint.description, links.tensors, variant);
  const graphWritten = writeBytes(files, path, bytes);
  return {
    path,
    graphBytes: bytes.byteLength,
    bytesWritten: links.bytesCopied + quantisedBytes + graphWritten,
    weightFiles: links.bytesCopied > 0 ? 'copied' : 'linked',
  };
}

/** What the weights of a folder depend on. */
function weightsKey({ modelHash, tensors }: Checkpoint, format: LinearFormat): string {
  const spread = [...tensors].map(([name, { offset }]) => [name, offset]);
  const weights = format.kind === 'groups' ? { ...format, accuracyLevel: undefined } : { kind: format.kind };
  return contentHash({ version: GRAPH_WRITER_VERSION, modelHash, spread, weights });
}

function linkWeights(files: Files, { tensors }: Checkpoint, folder: string) {
  const names = new Map<string, string>();
  let bytesCopied = 0;
  for (const { file } of tensors.values()) {
    if (names.has(file)) continue;
    const name = `weights-${names.size}.safetensors`;
    const size = files.size(file);
    if (
      files.size(`${folder}/${name}`) !== size &&
      files.linkOrCopy(file, `${folder}/${name}`) === 'copied'
    ) {
      bytesCopied += size ?? 0;
    }
    names.set(file, name);
  }
  const located = [...tensors].map(([name, tensor]): [string, TensorLocation] => [
    name,
    { ...tensor, file: names.get(tensor.file) ?? tensor.file },
  ]);
  return { tensors: new Map(located), bytesCopied };
}

function ensureQuantised(
  files: Files,
  checkpoint: Checkpoint,
  format: QuantisedFormat,
  path: string,
  observer: PrepareObserver,
): number {
  const layout = quantisedLayout(checkpoint.description, format);
  if (files.size(path) === layout.totalBytes) return 0;
  observer.stage('quantise');
  writeQuantisedFile(files, path, layout, format, checkpoint.tensors, (fraction) =>
    observer.progress('quantise', fraction),
  );
  return layout.totalBytes;
}

/** Writes unless the same bytes are there already, so that a running worker's graph is left alone. */
function writeBytes(files: Files, path: string, bytes: Uint8Array): number {
  if (files.size(path) === bytes.byteLength) {
    const present = files.readRange(path, 0, bytes.byteLength);
    if (Buffer.compare(present, bytes) === 0) return 0;
  }
  const file = files.createFile(path);
  try {
    file.write(bytes);
    file.commit();
  } catch (error) {
    file.discard();
    throw error;
  }
  return bytes.byteLength;
}
