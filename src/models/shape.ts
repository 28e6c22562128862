/** The hyperparameters of a decoder, independent of any file format. */

/** What prompts and limits must know of any model, described or not. */
export type TokenLimits = Pick<
  ModelShape,
  'vocabularySize' | 'maximumPositions' | 'bosTokenId' | 'eosTokenId'
>;

export interface ModelShape {
  readonly architecture: 'gpt-neox';
  readonly hiddenSize: number;
  readonly layerCount: number;
  readonly headCount: number;
  /** Heads of keys and values; equals `headCount` without grouped queries. */
  readonly kvHeadCount: number;
  readonly headSize: number;
  readonly feedForwardSize: number;
  readonly vocabularySize: number;
  readonly maximumPositions: number;
  readonly rotary: {
    /** Dimensions of each head that are rotated (even). */
    readonly dimensions: number;
    readonly base: number;
  };
  readonly normEpsilon: number;
  /** `parallel`: x + attention(n1 x) + mlp(n2 x); `sequential`: y = x + attention(n1 x), y + mlp(n2 y). */
  readonly residual: 'parallel' | 'sequential';
  readonly activation: 'gelu-erf' | 'gelu-tanh';
  readonly tiedEmbeddings: boolean;
  readonly bosTokenId: number | undefined;
  readonly eosTokenId: number | undefined;
}
