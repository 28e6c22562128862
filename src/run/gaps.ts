/**
 * How far apart an engine itself holds its token and the reference's where they part: both texts up to there are fed to it,
 * and the difference of their log-likelihoods is that of the two tokens.
 */
import type { Outcome, WorkerHandle } from '../executors/executor.ts';
import type { Difference } from '../journal/record-parts.ts';
import { firstDifferences, type Reference } from './reference.ts';

/** Where more sequences part, it is no matter of rounding, and the engine is not asked. */
const MOST_SEQUENCES = 4;

/** The differences with their gaps; none where all tokens are equal, too many sequences part, or the engine gives no likelihood of each. */
export async function differencesOf(
  handle: WorkerHandle,
  tokens: readonly (readonly number[])[],
  reference: Reference,
  deadline_ms: number,
): Promise<Outcome<Difference[]>> {
  const parted = firstDifferences(tokens, reference.tokens);
  if (parted.length === 0 || parted.length > MOST_SEQUENCES) return { kind: 'ok', value: [] };
  const upTo = (texts: readonly (readonly number[])[], sequence: number, position: number): number[] =>
    (texts[sequence] ?? []).slice(0, position + 1);
  const scored = await handle.score({
    prompts: parted.flatMap(({ sequence }) => {
      const prompt = [...(reference.prompts[sequence] ?? [])];
      return [prompt, prompt];
    }),
    continuations: parted.flatMap(({ sequence, position }) => [
      upTo(tokens, sequence, position),
      upTo(reference.tokens, sequence, position),
    ]),
    deadline_ms,
  });
  if (scored.kind === 'failed') return scored;
  const { logLikelihoods } = scored.value;
  if (logLikelihoods?.length !== 2 * parted.length) return { kind: 'ok', value: [] };
  return {
    kind: 'ok',
    value: parted.map((difference, index) => ({
      ...difference,
      gap_nats: (logLikelihoods[2 * index] ?? 0) - (logLikelihoods[2 * index + 1] ?? 0),
    })),
  };
}
