/**
 * One generation over sequence ids as slots. Prompts that find a free slot are prefilled together; then all running
 * sequences take a step together, until something ends and the next prompt in the queue gets its slot. Static batching
 * is the case with a slot for every prompt.
 * The stamp of a step is taken when its tokens are on the host: logits computed, largest found.
 */
import type { TokenBatch } from '../../native/llama/batch.ts';
import type { LlamaContext } from '../../native/llama/context.ts';
import { argmax } from '../../native/llama/greedy.ts';
import type { GenerateRequest } from '../../protocol/frames.ts';
import type { EngineTimers, Sample, SequenceSample } from '../../protocol/sample.ts';
import { createSampler, type Sampler } from '../../sampling/sampler.ts';
import type { ComputeContext } from '../../worker/engine.ts';
import { type EventRuns, eventRuns } from './event-runs.ts';
import type { LlamaCppOptions } from './options.ts';

export interface GenerationParts {
  readonly llama: LlamaContext;
  readonly batch: TokenBatch;
  readonly vocabularySize: number;
  readonly slots: number;
  /** `computed`: of static batching only; no prompt waits for a slot. */
  readonly finishedRows: LlamaCppOptions['finishedRows'];
  readonly context: ComputeContext;
}

interface Sequence {
  readonly index: number;
  readonly prompt: readonly number[];
  readonly limit: number;
  readonly tokens: number[];
  readonly events: EventRuns;
  slot: number;
  /** Tokens in the cache. */
  position: number;
  sent_ns: number;
  end_ns: number;
  finish: SequenceSample['finish'] | undefined;
  /** The token that it is fed next; with `computed` finished rows it goes on after the end. */
  next: number;
  /** Positions computed after its end. */
  padding: number;
}

interface Run extends GenerationParts {
  readonly steps_ns: number[];
  readonly stopTokens: ReadonlySet<number>;
  /** Undefined = greedy. */
  readonly sampler: Sampler | undefined;
  /** Time in the sampler. */
  readonly sampling: { elapsed_ns: number };
  /** By libllama's own counters, where they were asked for: known when the prefill is over. */
  readonly engineTimers: { prefill_ns: number } | undefined;
  /** Sequences that asked for a row of logits in the batch, in the order of the rows. */
  readonly rows: Sequence[];
}

/** @throws FailureError */
export function generate(request: GenerateRequest, parts: GenerationParts): Sample {
  const { llama, context, slots } = parts;
  const sequences = request.prompts.map((prompt, index) =>
    newSequence(index, prompt, request.outputTokens[index]),
  );
  llama.clear();
  const sampler =
    request.sampling === undefined
      ? undefined
      : createSampler(request.sampling, sequences.length, parts.vocabularySize);
  const run: Run = {
    ...parts,
    steps_ns: [],
    stopTokens: new Set(request.stopTokens),
    sampler,
    sampling: { elapsed_ns: 0 },
    engineTimers: request.engineTimers === true ? { prefill_ns: 0 } : undefined,
    rows: [],
  };
  const filled = fillDepth(sequences, request.depthTokens, run);
  if (run.engineTimers !== undefined) llama.takeComputeTime_ns();
  const start_ns = context.now_ns();
  if (filled) runAll(sequences, slots, run);
  const end_ns = context.now_ns();
  return {
    call: { start_ns, end_ns },
    steps_ns: run.steps_ns,
    ...(sampler === undefined ? {} : { sampling_ns: run.sampling.elapsed_ns }),
    ...(run.engineTimers === undefined ? {} : { engineTimers: timersOf(llama, run.engineTimers.prefill_ns) }),
    sequences: sequences.map((sequence) => sampleOf(sequence, start_ns, end_ns)),
  };
}

const timersOf = (llama: LlamaContext, prefill_ns: number): EngineTimers => ({
  prefill_ns,
  decode_ns: llama.takeComputeTime_ns(),
  method: 'llama_perf_context: t_p_eval_ms + t_eval_ms, the time between the start of a decode and its end',
});

function runAll(sequences: readonly Sequence[], slots: number, run: Run): void {
  const waiting = [...sequences];
  const free = Array.from({ length: slots }, (_, i) => i);
  let running: Sequence[] = [];
  while (waiting.length > 0 || running.length > 0) {
    if (run.context.cancelled()) return;
    const newcomers = waiting.splice(0, free.length);
    if (newcomers.length > 0) {
      const sent_ns = run.context.now_ns();
      for (const sequence of newcomers) {
        sequence.sent_ns = sent_ns;
        sequence.slot = free.shift() as number;
      }
      if (!prefill(newcomers, run)) return;
      if (run.engineTimers !== undefined) run.engineTimers.prefill_ns = run.llama.takeComputeTime_ns();
      running.push(...newcomers);
    } else {
      for (const sequence of running) addToken(sequence, sequence.next, true, run);
      if (!submit(run)) return;
    }
    if (!running.some(hasEnded)) continue;
    if (run.finishedRows === 'computed' && !running.every(hasEnded)) continue;
    for (const { slot } of running.filter(hasEnded)) {
      if (waiting.length > 0) run.llama.remove(slot);
      free.push(slot);
    }
    free.sort((a, b) => a - b);
    running = running.filter((sequence) => !hasEnded(sequence)).sort((a, b) => a.slot - b.slot);
  }
}

const hasEnded = ({ finish }: Sequence): boolean => finish !== undefined;

/** Puts whole prompts into the cache; each gives its first token. False when cancelled. */
function prefill(sequences: readonly Sequence[], run: Run): boolean {
  for (const sequence of sequences) {
    const last = sequence.prompt.length - 1;
    for (const [i, token] of sequence.prompt.entries()) {
      if (run.batch.length === run.batch.capacity && !submit(run, run.context.cancelled)) return false;
      addToken(sequence, token, i === last, run);
    }
  }
  return submit(run, run.context.cancelled);
}

/** Puts `depthTokens` tokens (the prompt, over and over) into the cache of each sequence, outside the timed region. */
function fillDepth(sequences: readonly Sequence[], depthTokens: number, run: Run): boolean {
  if (depthTokens === 0) return true;
  for (const [slot, sequence] of sequences.entries()) {
    sequence.slot = slot;
    for (let i = 0; i < depthTokens; i += 1) {
      if (run.batch.length === run.batch.capacity && !submit(run, run.context.cancelled)) return false;
      addToken(sequence, sequence.prompt[i % sequence.prompt.length] as number, false, run);
    }
  }
  return submit(run, run.context.cancelled);
}

function addToken(sequence: Sequence, token: number, wantsLogits: boolean, run: Run): void {
  run.batch.add(token, sequence.position, sequence.slot, wantsLogits);
  sequence.position += 1;
  if (wantsLogits) run.rows.push(sequence);
}

/**
 * Computes the batch, takes the tokens of its rows and one stamp for all of them. False when cancelled.
 * @param isAborted asked inside long computations only: it costs a call per graph node
 */
function submit(
  { llama, batch, rows, vocabularySize, context, steps_ns, stopTokens, sampler, sampling }: Run,
  isAborted?: () => boolean,
): boolean {
  const result = llama.decode(batch, isAborted);
  batch.clear();
  if (result === 'aborted') return false;
  if (rows.length === 0) return true;
  const logits = llama.logits(rows.length);
  const computed_ns = sampler === undefined ? 0 : context.now_ns();
  for (let row = 0; row < rows.length; row += 1) {
    const sequence = rows[row] as Sequence;
    sequence.next =
      sampler === undefined
        ? argmax(logits, row * vocabularySize, vocabularySize)
        : sampler.choose(logits, row * vocabularySize, sequence.index);
  }
  const now_ns = context.now_ns();
  if (sampler !== undefined) sampling.elapsed_ns += now_ns - computed_ns;
  const step = steps_ns.length;
  steps_ns.push(now_ns);
  for (const sequence of rows) {
    if (sequence.finish !== undefined) {
      sequence.padding += 1;
      continue;
    }
    const { next } = sequence;
    sequence.tokens.push(next);
    sequence.events.add(step);
    sequence.end_ns = now_ns;
    if (stopTokens.has(next)) sequence.finish = 'stop';
    else if (sequence.tokens.length >= sequence.limit) sequence.finish = 'length';
    context.emit?.(sequence.index, next);
  }
  rows.length = 0;
  return true;
}

const newSequence = (index: number, prompt: readonly number[], limit = 0): Sequence => ({
  index,
  prompt,
  limit,
  tokens: [],
  events: eventRuns(),
  slot: 0,
  position: 0,
  sent_ns: 0,
  end_ns: 0,
  finish: undefined,
  next: 0,
  padding: 0,
});

function sampleOf(sequence: Sequence, start_ns: number, end_ns: number): SequenceSample {
  const { finish, tokens } = sequence;
  return {
    inputTokens: sequence.prompt.length,
    intended_ns: start_ns,
    queued_ns: start_ns,
    sent_ns: Math.max(sequence.sent_ns, start_ns),
    events: sequence.events.runs(),
    end_ns: finish === undefined ? end_ns : sequence.end_ns,
    finish: finish ?? 'cancelled',
    tokens,
    computedPadding: sequence.padding,
    // Prompts stand one after the other in the batch, each as long as it is.
    computedPromptPadding: 0,
  };
}
