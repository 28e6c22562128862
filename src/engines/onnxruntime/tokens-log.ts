/**
 * Which step gave which sequence a token: kept while a generation runs, made into a sample afterwards.
 * Recording a token is two array writes, so it may stand inside the timed region.
 */
import type { EventRun, Sample, SequenceSample } from '../../protocol/sample.ts';
import type { ComputeContext } from '../../worker/engine.ts';

export interface TokensLog {
  readonly steps_ns: number[];
  /** Notes that the step with the last stamp gave `sequence` the token `token`. */
  add(sequence: number, token: number): void;
  /** Tokens of the sequence so far. */
  count(sequence: number): number;
  tokens(sequence: number): readonly number[];
  sample(call: Sample['call'], requests: readonly SequenceRequest[]): Sample;
}

export interface SequenceRequest {
  readonly inputTokens: number;
  readonly queued_ns: number;
  readonly sent_ns: number;
  readonly outputTokens: number;
  readonly stopTokens: readonly number[];
  readonly computedPadding: number;
  /** Undefined where it was not counted. */
  readonly computedPromptPadding: number | undefined;
}

/** `emit` is told each token, where somebody watches the generation. */
export function tokensLog(sequences: number, emit?: ComputeContext['emit']): TokensLog {
  const steps_ns: number[] = [];
  const tokens = Array.from({ length: sequences }, (): number[] => []);
  const stepOf = Array.from({ length: sequences }, (): number[] => []);
  const of = <T>(lists: readonly T[][], sequence: number): T[] => lists[sequence] ?? [];
  return {
    steps_ns,
    add: (sequence, token) => {
      of(tokens, sequence).push(token);
      of(stepOf, sequence).push(steps_ns.length - 1);
      emit?.(sequence, token);
    },
    count: (sequence) => of(tokens, sequence).length,
    tokens: (sequence) => of(tokens, sequence),
    sample: (call, requests) => ({
      call,
      steps_ns,
      sequences: requests.map((request, i) =>
        sequenceSample(call, steps_ns, request, of(tokens, i), of(stepOf, i)),
      ),
    }),
  };
}

function sequenceSample(
  call: Sample['call'],
  steps_ns: readonly number[],
  request: SequenceRequest,
  tokens: number[],
  steps: readonly number[],
): SequenceSample {
  const last = tokens.at(-1);
  const stopped = last !== undefined && request.stopTokens.includes(last);
  const complete = tokens.length >= request.outputTokens ? 'length' : 'cancelled';
  const lastStep = steps.at(-1);
  return {
    inputTokens: request.inputTokens,
    intended_ns: call.start_ns,
    queued_ns: request.queued_ns,
    sent_ns: request.sent_ns,
    events: eventRuns(steps),
    end_ns: lastStep === undefined ? call.end_ns : (steps_ns[lastStep] ?? call.end_ns),
    finish: stopped ? 'stop' : complete,
    tokens,
    computedPadding: request.computedPadding,
    ...(request.computedPromptPadding === undefined
      ? {}
      : { computedPromptPadding: request.computedPromptPadding }),
  };
}

/** Step numbers as runs of consecutive steps: [0, 3, 4, 5] -> 0 x 1, 3 x 3. */
export function eventRuns(steps: readonly number[]): EventRun[] {
  const runs: { firstStep: number; steps: number; tokensPerStep: number }[] = [];
  for (const step of steps) {
    const run = runs.at(-1);
    if (run !== undefined && run.firstStep + run.steps === step) run.steps += 1;
    else runs.push({ firstStep: step, steps: 1, tokensPerStep: 1 });
  }
  return runs;
}
