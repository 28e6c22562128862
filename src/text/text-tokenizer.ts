/** What the rest of Hayasa asks of a tokenizer, whatever file it comes from. */

export interface TextTokenizer {
  /** What it is, for tables: `tokenizer.json (BPE)`, `SentencePiece (unigram)`. */
  readonly kind: string;
  /** Content hash of its file: two models with the same one cut texts alike. */
  readonly hash: string;
  /** Token ids of `text`; no special tokens are added. */
  encode(text: string): number[];
  /** Text of `tokens`; special tokens are left out, a cut character becomes U+FFFD. */
  decode(tokens: readonly number[]): string;
  /** Forgets the words that it has cut, so that a timing shows cutting and not remembering. */
  clearCache(): void;
  /** Whether special tokens that are written in a text become themselves, as chat templates need it. */
  readonly readsSpecialTokens: boolean;
  /** What the tokenizer puts before a text that a model reads: the begin-of-text token, or nothing. */
  readonly prefixTokens: readonly number[];
  /** The highest token id plus one. */
  readonly vocabularySize: number;
}
