/**
 * A SentencePiece model file: pieces with scores, how texts are normalised, which algorithm cuts them. Field numbers are
 * those of sentencepiece_model.proto (google/sentencepiece); what does not decide about ids is left out.
 */
import protobuf from 'protobufjs';

const schema = `
syntax = "proto2";
package sentencepiece;

message ModelProto {
  repeated Piece pieces = 1;
  optional TrainerSpec trainer_spec = 2;
  optional NormalizerSpec normalizer_spec = 3;
}
message Piece {
  optional string piece = 1;
  optional float score = 2;
  optional int32 type = 3 [default = 1];
}
message TrainerSpec {
  optional int32 model_type = 3 [default = 1];
  optional bool treat_whitespace_as_suffix = 24 [default = false];
  optional int32 bos_id = 41 [default = 1];
  optional string unk_surface = 44 [default = " ⁇ "];
}
message NormalizerSpec {
  optional bytes precompiled_charsmap = 2;
  optional bool add_dummy_prefix = 3 [default = true];
  optional bool remove_extra_whitespaces = 4 [default = true];
  optional bool escape_whitespaces = 5 [default = true];
}
`;

const modelType = protobuf.parse(schema, { keepCase: true }).root.lookupType('sentencepiece.ModelProto');

export type PieceKind = 'normal' | 'unknown' | 'control' | 'user-defined' | 'unused' | 'byte';

/** By the numbers of the format, which GGUF files use too. */
export const PIECE_KINDS: Readonly<Record<number, PieceKind>> = {
  1: 'normal',
  2: 'unknown',
  3: 'control',
  4: 'user-defined',
  5: 'unused',
  6: 'byte',
};
const ALGORITHMS: Readonly<Record<number, 'unigram' | 'BPE'>> = { 1: 'unigram', 2: 'BPE' };

export interface Piece {
  readonly text: string;
  readonly score: number;
  readonly kind: PieceKind;
}

export interface SentencePieceModel {
  /** By id. */
  readonly pieces: readonly Piece[];
  readonly algorithm: 'unigram' | 'BPE';
  /** Undefined where the model has none. */
  readonly bosId: number | undefined;
  /** What an unknown piece decodes to. */
  readonly unknownSurface: string;
  readonly normaliser: NormaliserSettings;
}

export interface NormaliserSettings {
  /** See character-map.ts; empty for none. */
  readonly characterMap: Uint8Array;
  /** Words begin with a space mark, the first one too. */
  readonly addDummyPrefix: boolean;
  readonly removeExtraWhitespaces: boolean;
  readonly escapeWhitespaces: boolean;
  readonly whitespaceIsSuffix: boolean;
}

interface DecodedModel {
  readonly pieces: readonly { readonly piece: string; readonly score: number; readonly type: number }[];
  readonly trainer_spec: {
    readonly model_type: number;
    readonly treat_whitespace_as_suffix: boolean;
    readonly bos_id: number;
    readonly unk_surface: string;
  } | null;
  readonly normalizer_spec: {
    readonly precompiled_charsmap: Uint8Array;
    readonly add_dummy_prefix: boolean;
    readonly remove_extra_whitespaces: boolean;
    readonly escape_whitespaces: boolean;
  } | null;
}

/** @throws Error where `bytes` are no SentencePiece model, or one of a kind that is not read */
export function parseModelFile(bytes: Uint8Array): SentencePieceModel {
  const { pieces, trainer_spec, normalizer_spec } = modelType.decode(bytes) as unknown as DecodedModel;
  if (pieces.length === 0 || trainer_spec === null || normalizer_spec === null) {
    throw new RangeError('is no SentencePiece model: it has no pieces or no settings');
  }
  const algorithm = ALGORITHMS[trainer_spec.model_type];
  if (algorithm === undefined) {
    throw new RangeError(`model type ${trainer_spec.model_type} is neither unigram nor BPE`);
  }
  const kindOf = (type: number): PieceKind => PIECE_KINDS[type] ?? 'normal';
  const read = pieces.map(({ piece, score, type }): Piece => ({ text: piece, score, kind: kindOf(type) }));
  const { bos_id } = trainer_spec;
  return {
    pieces: read,
    algorithm,
    bosId: read[bos_id]?.kind === 'control' ? bos_id : undefined,
    unknownSurface: trainer_spec.unk_surface,
    normaliser: {
      characterMap: normalizer_spec.precompiled_charsmap,
      addDummyPrefix: normalizer_spec.add_dummy_prefix,
      removeExtraWhitespaces: normalizer_spec.remove_extra_whitespaces,
      escapeWhitespaces: normalizer_spec.escape_whitespaces,
      whitespaceIsSuffix: trainer_spec.treat_whitespace_as_suffix,
    },
  };
}
