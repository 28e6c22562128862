/** The hyperparameters of a decoder, independent of any file format. */
import type { Rotary } from './rotary.ts';

/** What prompts and limits must know of any model, described or not. */
export type TokenLimits = Pick<
  ModelShape,
  'vocabularySize' | 'maximumPositions' | 'bosTokenId' | 'eosTokenId' | 'otherEosTokenIds'
>;

export interface ModelShape {
  readonly architecture: 'gpt-neox' | 'llama' | 'mistral' | 'qwen2' | 'qwen3' | 'gemma3' | 'opt';
  readonly hiddenSize: number;
  readonly layerCount: number;
  readonly headCount: number;
  /** Heads of keys and values; equals `headCount` without grouped queries. */
  readonly kvHeadCount: number;
  readonly headSize: number;
  readonly feedForwardSize: number;
  readonly vocabularySize: number;
  readonly maximumPositions: number;
  /** With 0 dimensions where positions are learned. */
  readonly rotary: Rotary;
  readonly normEpsilon: number;
  /** `parallel`: x + attention(n1 x) + mlp(n2 x); `sequential`: y = x + attention(n1 x), y + mlp(n2 y). */
  readonly residual: 'parallel' | 'sequential';
  readonly activation: Activation;
  readonly tiedEmbeddings: boolean;
  readonly bosTokenId: number | undefined;
  /** The first, where a config names several. */
  readonly eosTokenId: number | undefined;
  /** The others; left out where there is one at most. */
  readonly otherEosTokenIds?: readonly number[];
  /** Which linear layers have a bias, where the config decides it. */
  readonly biases?: { readonly qkv: boolean; readonly output: boolean; readonly mlp: boolean };
  readonly window?: SlidingWindow;
  /** Scores are q k / sqrt(queryScale); `headSize` where it is left out. */
  readonly queryScale?: number;
}

export type Activation = 'gelu-erf' | 'gelu-tanh' | 'silu' | 'relu';

/** Layers in which a token sees itself and the `tokens` - 1 before it only. */
export interface SlidingWindow {
  readonly tokens: number;
  /** Indices of those layers. */
  readonly layers: readonly number[];
  /** Base of their rotary positions, where it differs. They are not scaled. */
  readonly rotaryBase?: number;
}
