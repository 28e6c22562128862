/**
 * A model file that an engine runs as it is (GGUF): what its header says. Sizes are those of the metadata; an
 * architecture that Hayasa does not describe has no shape, so no bytes or FLOPs of a step are counted for it.
 */
import type { ModelShape } from './shape.ts';

/** What the metadata says of any architecture; undefined where it says nothing. */
export interface ModelFileSizes {
  readonly layerCount: number | undefined;
  readonly hiddenSize: number | undefined;
  readonly headCount: number | undefined;
  readonly kvHeadCount: number | undefined;
  readonly headSize: number | undefined;
  readonly vocabularySize: number | undefined;
  readonly maximumPositions: number | undefined;
}

export interface ModelFile {
  /** The file's own word: gptneox, gemma3, llama, ... */
  readonly architecture: string;
  readonly sizes: ModelFileSizes;
  /** Only for architectures that Hayasa describes. */
  readonly shape: ModelShape | undefined;
  /** Bytes and tensors by ggml's format, largest first. */
  readonly formats: readonly { readonly type: string; readonly tensors: number; readonly bytes: number }[];
  /** Sum over the tensors. */
  readonly totalBytes: number;
  /** Elements of all tensors. */
  readonly parameters: number;
  readonly bosTokenId: number | undefined;
  readonly eosTokenId: number | undefined;
  /** What ends a turn or a message, where the file names it; left out where there is none. */
  readonly otherEosTokenIds?: readonly number[];
}
