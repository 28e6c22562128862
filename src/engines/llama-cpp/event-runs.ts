/** Token events of one sequence as runs of consecutive steps, one token each. */
import type { EventRun } from '../../protocol/sample.ts';

export interface EventRuns {
  /** The sequence got its next token at step `step`; steps ascend. */
  add(step: number): void;
  runs(): EventRun[];
}

export function eventRuns(): EventRuns {
  const firsts: number[] = [];
  const lengths: number[] = [];
  let next = -1;
  return {
    add(step) {
      if (step === next) lengths[lengths.length - 1] = (lengths.at(-1) ?? 0) + 1;
      else {
        firsts.push(step);
        lengths.push(1);
      }
      next = step + 1;
    },
    runs: () => firsts.map((firstStep, i) => ({ firstStep, steps: lengths[i] as number, tokensPerStep: 1 })),
  };
}
