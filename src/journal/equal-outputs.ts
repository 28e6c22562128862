/**
 * Whether an fp32 cell wrote what the reference wrote. Engines sum in different orders, so that their float32 logits differ in
 * the last digits. Where two tokens are equally likely to within that, either is right, and all that follows is another text:
 * such a sequence parts at a near tie and disproves nothing.
 */
import type { JournalState } from './state.ts';

/** Of one cell in one launch. */
export type AgreementRecord = JournalState['agreements'][number];

/**
 * In nats, how far apart the engine itself may hold the two tokens: ln p of its own less ln p of the reference's. Float32
 * has 24 bits, and sums of thousands of products differ in the last five or so: by 1e-5 of logits of some tens. 16-bit
 * floats have 8 or 11 bits, which moves logits by 1e-2 and more (docs/decisions/0014).
 */
export const NEAR_TIE_NATS = 1e-3;

/** Sequences that part from the reference at a near tie; undefined where one parts that is none, or was not looked at. */
export function nearTies({ score, differences = [] }: AgreementRecord): number | undefined {
  if (score.equalPositions === score.positions) return 0;
  if (differences.length === 0) return undefined;
  return differences.every(({ gap_nats }) => Math.abs(gap_nats) < NEAR_TIE_NATS)
    ? differences.length
    : undefined;
}
