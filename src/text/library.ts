/**
 * What Hayasa uses of @huggingface/tokenizers, with types: the package's own cannot be resolved under Node's module
 * rules (0.2.0 leaves the file names' endings out).
 */
import * as library from '@huggingface/tokenizers';

export interface LibraryTokenizer {
  readonly normalizer: LibraryNormaliser | null;
  readonly decoder: LibraryDecoder | null;
  readonly model: {
    /** By id; may have holes. */
    readonly vocab: readonly (string | undefined)[];
    readonly tokens_to_ids: ReadonlyMap<string, number>;
    readonly unk_token_id?: number;
    /** Whether neighbouring unknown pieces become one. */
    fuse_unk: boolean;
    /** Only of models that remember words. */
    clear_cache?(): void;
  } | null;
  encode(text: string, options: { readonly add_special_tokens: boolean }): { readonly ids: number[] };
  /** Pieces; an unknown one as it stands in the text. */
  tokenize(text: string): string[];
  /** At least one token. */
  decode(
    tokens: number[],
    options: { readonly skip_special_tokens: boolean; readonly clean_up_tokenization_spaces: boolean },
  ): string;
}

export interface LibraryNormaliser {
  normalize(text: string): string;
}

export interface LibraryDecoder {
  decode_chain(pieces: string[]): string[];
}

interface Library {
  readonly Tokenizer: new (definition: object, config: object) => LibraryTokenizer;
  readonly SequenceNormalizer: new () => LibraryNormaliser & {
    readonly normalizers: readonly (LibraryNormaliser | null)[];
  };
  readonly PrecompiledNormalizer: new () => LibraryNormaliser & { readonly charsmap: unknown };
  readonly SequenceDecoder: new () => LibraryDecoder & { readonly decoders: readonly LibraryDecoder[] };
  readonly ByteFallbackDecoder: new () => LibraryDecoder;
}

export const {
  Tokenizer,
  SequenceNormalizer,
  PrecompiledNormalizer,
  SequenceDecoder,
  ByteFallbackDecoder,
}: Library = library as unknown as Library;
