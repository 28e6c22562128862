/**
 * Who chooses the next tokens of a step: the graph itself (greedy: `next` is its ArgMax), or the sampler, from the logits
 * that sampled steps put out besides. The graph's ArgMax runs in both cases.
 */
import type { GenerateRequest } from '../../protocol/frames.ts';
import { createSampler } from '../../sampling/sampler.ts';
import type { ComputeContext } from '../../worker/engine.ts';
import type { LoadedModel } from './model.ts';
import type { Step } from './step.ts';

export interface Chooser {
  /** Whether steps must put out their logits. */
  readonly logits: boolean;
  /** Puts the tokens of a step that has run into its `next`; rows without a sequence keep what they have. */
  choose(step: Step, sequenceOf: (row: number) => number | undefined): void;
  /** The part of the sample that says what choosing took. */
  record(): { readonly sampling_ns?: number };
}

/** Makes its buffers: before the timed region. */
export function chooserFor(
  { sampling, prompts }: GenerateRequest,
  { shape: { vocabularySize } }: LoadedModel,
  { now_ns }: Pick<ComputeContext, 'now_ns'>,
): Chooser {
  if (sampling === undefined) return { logits: false, choose: () => {}, record: () => ({}) };
  const sampler = createSampler(sampling, prompts.length, vocabularySize);
  let elapsed_ns = 0;
  return {
    logits: true,
    choose: ({ batch, logits, next }, sequenceOf) => {
      const start_ns = now_ns();
      for (let row = 0; row < batch; row += 1) {
        const sequence = sequenceOf(row);
        if (sequence !== undefined)
          next[row] = BigInt(sampler.choose(logits, row * vocabularySize, sequence));
      }
      elapsed_ns += now_ns() - start_ns;
    },
    record: () => ({ sampling_ns: elapsed_ns }),
  };
}
