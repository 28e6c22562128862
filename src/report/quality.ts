/** Quality beside speed: from the journal's scores to what reports print of each row. Definitions: metrics/quality.ts. */

import { type Cell, launchIdentity } from '../axes/cell.ts';
import type { QualityScores } from '../journal/record-parts.ts';
import { type JournalState, qualityKey } from '../journal/state.ts';
import { contentHash } from '../kernel/canonical.ts';
import { once, type Words } from '../kernel/language.ts';
import { type Maybe, missing } from '../kernel/maybe.ts';
import { bitsPerCharacter, bitsPerCharacterAbove } from '../metrics/quality.ts';
import type { RatioOfSums } from '../stats/ratio-of-sums.ts';

export interface RowQuality {
  /** Lower is better. */
  readonly bitsPerCharacter: Maybe<RatioOfSums>;
  /** Beyond the fp32 reference of the same model, window by window. */
  readonly aboveReference: Maybe<RatioOfSums>;
  /** Teacher-forced, with the reference's logits on this text; absent where it was not compared. */
  readonly agreement?: NonNullable<QualityScores['agreement']>;
}

export interface QualitySection {
  readonly text: { readonly name: string; readonly hash: string; readonly characters: number };
  /** Different ones: figures per token would not compare, bits per character do. */
  readonly tokenizers: readonly { readonly kind: string; readonly hash: string }[];
  /** Models whose tokenizer does not give the text back exactly. */
  readonly changed: readonly string[];
  /** Why rows have none. */
  readonly reasons: readonly Words[];
}

/** The quality of a row, as its part; empty where the study does not ask. A score belongs to the loaded model. */
export function qualityIndex(state: JournalState): (cell: Cell) => { readonly quality?: RowQuality } {
  const references = new Map(
    [...state.qualities.values()]
      .filter(({ role, measured }) => role === 'reference' && measured !== undefined)
      .map((record) => [record.model, record]),
  );
  return (cell) => {
    if (state.qualities.size === 0) return {};
    const record = state.qualities.get(qualityKey('cells', contentHash(launchIdentity(cell))));
    const measured = record?.measured;
    if (measured === undefined) {
      const none = missing(record?.missing ?? NOT_YET);
      return { quality: { bitsPerCharacter: none, aboveReference: none } };
    }
    const { windows, scores } = measured;
    const reference = references.get(cell.model);
    const other = reference?.measured;
    return {
      quality: {
        bitsPerCharacter: bitsPerCharacter({ ...scores, windows }),
        aboveReference:
          other === undefined || reference?.text.hash !== record?.text.hash
            ? missing({ en: 'no reference in fp32', ja: 'fp32 の参照がありません' })
            : bitsPerCharacterAbove({ ...scores, windows }, { ...other.scores, windows: other.windows }),
        ...(scores.agreement === undefined ? {} : { agreement: scores.agreement }),
      },
    };
  };
}

const NOT_YET: Words = { en: 'not measured yet', ja: 'まだ測定されていません' };

/** What all rows share; empty where the study does not ask. */
export function qualitySection({ qualities }: JournalState): { readonly quality?: QualitySection } {
  const records = [...qualities.values()];
  const [first] = records;
  if (first === undefined) return {};
  const measured = records.flatMap(({ model, measured: one }) =>
    one === undefined ? [] : [{ model, ...one }],
  );
  const tokenizers = new Map(measured.map(({ tokenizer }) => [tokenizer.hash, tokenizer]));
  return {
    quality: {
      text: first.text,
      tokenizers: [...tokenizers.values()],
      changed: [...new Set(measured.filter(({ comesBack }) => !comesBack).map(({ model }) => model))],
      reasons: once(records.flatMap(({ missing: reason }) => reason ?? [])),
    },
  };
}
