/**
 * One generation of the sim engine on its clock. Static: one prefill of all prompts, each as long as the longest, then
 * steps of the whole batch until every sequence has ended. Continuous: a waiting prompt is prefilled alone as soon as a slot is free (its first
 * token has a stamp of its own), then all running sequences take a step together.
 */
import type { Clock } from '../../host/host.ts';
import type { GenerateRequest } from '../../protocol/frames.ts';
import type { Sample } from '../../protocol/sample.ts';
import type { ComputeContext } from '../../worker/engine.ts';
import type { CostModel } from './cost-model.ts';
import { Sequence, type TokenModel } from './sequence.ts';

export interface GenerationParts {
  readonly clock: Clock;
  readonly context: ComputeContext;
  readonly cost: CostModel;
  readonly factor: number;
  readonly tokens: TokenModel;
  /** Time that drawing takes; undefined = greedy. */
  readonly sampling?: { elapsed_ns: number };
}

export function generate(request: GenerateRequest, given: GenerationParts): Sample {
  const sampling = request.sampling === undefined ? undefined : { elapsed_ns: 0 };
  const parts = sampling === undefined ? given : { ...given, sampling };
  const { clock, context, cost, factor } = parts;
  const sequences = request.prompts.map(
    (prompt, index) => new Sequence(index, prompt, request.outputTokens[index] ?? 0, request.sampling),
  );
  // The context at a depth is filled before the timed region.
  clock.block_ns(cost.prefill_ns(request.depthTokens * sequences.length, factor));
  const start_ns = context.now_ns();
  const steps_ns: number[] = [];
  if (request.batching === 'static') runStatic(sequences, start_ns, steps_ns, parts);
  else runContinuous(sequences, request.slots, steps_ns, parts);
  const end_ns = context.now_ns();
  for (const sequence of sequences) {
    if (sequence.finish !== undefined) continue;
    sequence.end_ns = end_ns;
    if (sequence.sent_ns === 0) sequence.sent_ns = end_ns;
  }
  return {
    call: { start_ns, end_ns },
    steps_ns,
    ...(sampling === undefined ? {} : { sampling_ns: sampling.elapsed_ns }),
    sequences: sequences.map((sequence) => sequence.sample(start_ns)),
  };
}

function runStatic(
  sequences: readonly Sequence[],
  start_ns: number,
  steps_ns: number[],
  parts: GenerationParts,
): void {
  const { context, cost, factor } = parts;
  const longest = Math.max(...sequences.map(({ prompt }) => prompt.length));
  for (const sequence of sequences) {
    sequence.sent_ns = start_ns;
    sequence.computedPromptPadding = longest - sequence.prompt.length;
  }
  let duration_ns = cost.prefill_ns(longest * sequences.length, factor);
  while (sequences.some(({ finish }) => finish === undefined) && !context.cancelled()) {
    takeStep(sequences, duration_ns, steps_ns, parts);
    duration_ns = cost.step_ns(sequences.length, factor);
  }
}

function runContinuous(
  sequences: readonly Sequence[],
  slots: number,
  steps_ns: number[],
  parts: GenerationParts,
): void {
  const { context, cost, factor } = parts;
  const waiting = [...sequences];
  let running: Sequence[] = [];
  while ((waiting.length > 0 || running.length > 0) && !context.cancelled()) {
    while (running.length < slots && !context.cancelled()) {
      const next = waiting.shift();
      if (next === undefined) break;
      next.sent_ns = context.now_ns();
      takeStep([next], cost.prefill_ns(next.prompt.length, factor), steps_ns, parts);
      if (next.finish === undefined) running.push(next);
    }
    if (running.length === 0) continue;
    takeStep(running, cost.step_ns(running.length, factor), steps_ns, parts);
    running = running.filter(({ finish }) => finish === undefined);
  }
}

function takeStep(
  sequences: readonly Sequence[],
  duration_ns: number,
  steps_ns: number[],
  { clock, context, cost, factor, tokens, sampling }: GenerationParts,
): void {
  clock.block_ns(duration_ns);
  if (sampling !== undefined) {
    const sampling_ns = cost.sampling_ns(sequences.length, factor);
    clock.block_ns(sampling_ns);
    sampling.elapsed_ns += sampling_ns;
  }
  const now_ns = context.now_ns();
  for (const sequence of sequences) sequence.step(steps_ns.length, now_ns, tokens, context.emit);
  steps_ns.push(now_ns);
}
