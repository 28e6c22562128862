/**
 * What llama-bench times, and llama-batched-bench for several sequences: the prompts in one decode (`pp`), then steps of
 * one token for each sequence at that depth (`tg`), tokens drawn at random beforehand, nothing read but that the step is over.
 * Source: tools/llama-bench/llama-bench.cpp (test_prompt, test_gen) and tools/batched-bench of llama.cpp; neither program is
 * in the npm package that brings libllama, so the loop is written anew over the same library.
 */
import { paddedPositions } from '../../src/engines/llama-cpp/context-needs.ts';
import type { Host } from '../../src/host/host.ts';
import { randomStream } from '../../src/kernel/random.ts';
import { tokenBatch } from '../../src/native/llama/batch.ts';
import { createContext } from '../../src/native/llama/context.ts';
import { openLlama } from '../../src/native/llama/library.ts';
import { loadModel } from '../../src/native/llama/model.ts';
import type { Work } from '../baselines/job.ts';

export interface LlamaBenchTimes {
  readonly prefill_ns: readonly number[];
  /** Of `output` - 1 steps: the prefill's logits are those of the first token. */
  readonly decode_ns: readonly number[];
}

/** Settings as the engine has them by default. The first `warmups` repeats are not kept. */
export function llamaBenchLoop(
  host: Host,
  { batch: sequences, input, output, threads, ggufPath }: Work & { readonly ggufPath: string },
  warmups: number,
  repeats: number,
): LlamaBenchTimes {
  const library = openLlama(host);
  const model = loadModel(library, ggufPath, { mmap: true, repack: true });
  const context = createContext(library, model, {
    sequences,
    positionsPerSequence: paddedPositions(input + output),
    batch: sequences * input,
    ubatch: 512,
    outputs: sequences,
    threads,
    threadpool: { polling: 50, cpus: [] },
    cacheType: 'f32',
    flashAttention: 'off',
    unifiedCache: false,
  });
  const random = randomStream(0, 'bench: tokens of llama-bench');
  const batch = tokenBatch(context.effective.batch);
  const step = (from: number, count: number): void => {
    batch.clear();
    for (let row = 0; row < sequences; row += 1) {
      for (let at = 0; at < count; at += 1) {
        batch.add(random.integer(model.vocabularySize), from + at, row, at === count - 1);
      }
    }
    context.decode(batch);
    context.synchronize();
  };
  const times = { prefill_ns: [] as number[], decode_ns: [] as number[] };
  for (let repeat = 0; repeat < warmups + repeats; repeat += 1) {
    context.clear();
    const start_ns = host.clock.monotonic_ns();
    step(0, input);
    const first_ns = host.clock.monotonic_ns();
    for (let token = 1; token < output; token += 1) step(input + token - 1, 1);
    const end_ns = host.clock.monotonic_ns();
    context.rest();
    if (repeat < warmups) continue;
    times.prefill_ns.push(Number(first_ns - start_ns));
    times.decode_ns.push(Number(end_ns - first_ns));
  }
  context.free();
  model.free();
  library.close();
  return times;
}
