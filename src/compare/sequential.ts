/**
 * Comparisons that are looked at after every block and end when they are decided: the outcome is read from intervals
 * that cover the truth at all looks together (`stats/sequential.ts`), so stopping early costs no error rate. Several
 * comparisons share the error equally (Bonferroni): Holm's procedure needs p-values that exist at one time.
 */
import type { Words } from '../kernel/language.ts';
import { type Maybe, missing, present, presentValue } from '../kernel/maybe.ts';
import type { Comparison, Sides } from '../stats/comparison.ts';
import { LEVEL } from '../stats/estimate.ts';
import { type PairedBlock, pairedLogRatio, ratioEstimate } from '../stats/log-ratio.ts';
import { comparisonOutcome } from '../stats/outcome.ts';
import { detectableFactor } from '../stats/power.ts';
import { levelAtLook, type SequentialDesign, sequentialDesign } from '../stats/sequential.ts';

export interface Looks {
  /** Blocks at the first look, at least 2. */
  readonly first: number;
  /** Blocks at the last look. */
  readonly maximum: number;
}

/** All comparisons of a run that is looked at; what is not paired stays undecided. */
export function compareSequentially(
  all: readonly Sides[],
  { first, maximum }: Looks,
  margin: number,
): Comparison[] {
  const design = sequentialDesign(first, maximum, 1 - (1 - LEVEL) / Math.max(1, all.length));
  return all.map((sides) =>
    sequentialComparison(sides.kind === 'paired' ? sides.blocks : [], design, margin, all.length),
  );
}

/** A comparison as it stood at the look that decided it, else at the last look; `blocks` in the order of rounds. */
function sequentialComparison(
  blocks: readonly PairedBlock[],
  design: SequentialDesign,
  margin: number,
  family: number,
): Comparison {
  const looks = design.looks.filter(({ launches }) => launches <= blocks.length);
  const seen = looks.map(({ launches }) => comparisonAt(blocks.slice(0, launches), design, margin, family));
  return (
    seen.find(({ outcome }) => outcome !== 'undecided') ??
    seen.at(-1) ??
    comparisonAt(blocks, design, margin, family)
  );
}

const atLook = ({ en, ja }: Words, look: number): Words => ({
  en: `${en}, at the level of look ${look}`,
  ja: `${ja}、${look} 回目の確認の水準`,
});

function comparisonAt(
  blocks: readonly PairedBlock[],
  design: SequentialDesign,
  margin: number,
  family: number,
): Comparison {
  const level = levelAtLook(design, blocks.length);
  const ratio = pairedLogRatio(blocks);
  const estimate: Comparison['ratio'] =
    ratio.kind === 'missing'
      ? ratio
      : present(
          level.kind === 'missing'
            ? { ...ratioEstimate(ratio.value, LEVEL), interval: level }
            : {
                ...ratioEstimate(ratio.value, level.value),
                rule: atLook(ratio.value.rule, blocks.length - design.first + 1),
              },
        );
  const known = presentValue(estimate);
  const none = missing({
    en: 'looked at after every block: no p-value',
    ja: 'ブロックごとに確認したため、p 値はありません',
  });
  return {
    design: 'paired',
    ratio: estimate,
    outcome: known === undefined ? 'undecided' : comparisonOutcome(known, margin),
    pDifferent: none,
    pEquivalent: none,
    minimumDetectableRatio: detectable(ratio, level),
    family,
  };
}

function detectable(ratio: ReturnType<typeof pairedLogRatio>, level: Maybe<number>): Maybe<number> {
  if (ratio.kind === 'missing') return ratio;
  const { error } = ratio.value;
  if (error.kind === 'missing') return error;
  if (level.kind === 'missing') return level;
  const { standardError, degrees } = error.value;
  return present(Math.exp(standardError === 0 ? 0 : detectableFactor(degrees, level.value) * standardError));
}
