/** What `hayasa quality` found, as plain data (`--json`). Pure. */
import type { QualityScores } from '../../journal/record-parts.ts';
import type { Maybe } from '../../kernel/maybe.ts';
import { missing } from '../../kernel/maybe.ts';
import { bitsPerCharacter, bitsPerCharacterAbove, perplexityPerToken } from '../../metrics/quality.ts';
import type { Failure } from '../../protocol/failure.ts';
import type { Effective } from '../../protocol/frames.ts';
import type { RatioOfSums } from '../../stats/ratio-of-sums.ts';
import type { WindowedText } from '../../text/scored-windows.ts';
import type { LeftOut } from './candidates.ts';

export interface QualityRow {
  readonly engine: string;
  readonly precision: string;
  readonly effective: Effective['precision'];
  /** Lower is better; comparable across tokenizers. */
  readonly bitsPerCharacter: Maybe<RatioOfSums>;
  /** How many more the reference does not need; window by window. */
  readonly aboveReference: Maybe<RatioOfSums>;
  /** Teacher-forced, with the reference's logits. */
  readonly agreement: QualityScores['agreement'];
  /** Comparable within this tokenizer alone. */
  readonly perplexityPerToken: Maybe<number>;
  /** ln p of each window. */
  readonly logLikelihoods: readonly number[];
}

export interface QualityFailure {
  readonly engine: string;
  readonly precision: string;
  readonly failure: Failure;
}

export interface QualityReport {
  readonly model: string;
  readonly text: { readonly name: string; readonly hash: string; readonly characters: number };
  readonly tokenizer: { readonly kind: string; readonly hash: string };
  readonly comesBack: boolean;
  readonly tokens: number;
  readonly contextTokens: number;
  readonly windows: readonly { readonly characters: number; readonly tokens: number }[];
  /** `engine precision` of the reference. */
  readonly reference: string | undefined;
  readonly rows: readonly QualityRow[];
  readonly failures: readonly QualityFailure[];
  readonly leftOut: readonly LeftOut[];
}

export interface Measured {
  readonly engine: string;
  readonly precision: string;
  readonly scores: QualityScores;
  readonly effective: Effective;
}

export function qualityRow(
  { engine, precision, scores, effective }: Measured,
  { windows }: Pick<WindowedText, 'windows'>,
  reference: QualityScores | undefined,
): QualityRow {
  const own = { ...scores, windows };
  return {
    engine,
    precision,
    effective: effective.precision,
    bitsPerCharacter: bitsPerCharacter(own),
    aboveReference:
      reference === undefined
        ? missing({ en: 'no reference in fp32', ja: 'fp32 の参照がありません' })
        : bitsPerCharacterAbove(own, { ...reference, windows }),
    agreement: scores.agreement,
    perplexityPerToken: perplexityPerToken(own),
    logLikelihoods: scores.logLikelihoods,
  };
}
