/**
 * The bare loop over libllama: what the llama-cpp engine is compared with. Only the C API is around it: no protocol, no
 * events, no queue, no checks. Static batch, equal prompts, forced length.
 */

import { paddedPositions } from '../../src/engines/llama-cpp/context-needs.ts';
import type { Host } from '../../src/host/host.ts';
import { tokenBatch } from '../../src/native/llama/batch.ts';
import { createContext } from '../../src/native/llama/context.ts';
import { argmax } from '../../src/native/llama/greedy.ts';
import { openLlama } from '../../src/native/llama/library.ts';
import { loadModel } from '../../src/native/llama/model.ts';

export interface BareLlamaRun {
  readonly ggufPath: string;
  readonly batch: number;
  /** Prompt tokens of each sequence. */
  readonly input: number;
  /** New tokens of each sequence. */
  readonly output: number;
  readonly threads: number;
  /** Type of the KV cache; the engine's own default with fp32 and the block formats. */
  readonly cacheType?: 'f32' | 'f16';
}

/** Raw stamps of one generation, CLOCK_MONOTONIC nanoseconds. */
export interface BareStamps {
  readonly start_ns: bigint;
  /** One per step: the tokens of the whole batch are known. */
  readonly steps_ns: readonly bigint[];
  /** The new tokens of each sequence. */
  readonly tokens: readonly (readonly number[])[];
}

export interface BareLlama {
  /** One generation; the first one warms up. */
  generate(): BareStamps;
  close(): void;
}

/** Token ids of the prompt of sequence `row`: spread over the vocabulary, the same in every run. */
export const barePrompt = (row: number, input: number, vocabularySize: number): number[] =>
  Array.from({ length: input }, (_, column) => ((row * input + column) * 7919 + 1) % vocabularySize);

/** Loads the file and makes the context; nothing of that is timed. */
export function openBareLlama(host: Host, run: BareLlamaRun): BareLlama {
  const { batch: sequences, input, output, threads } = run;
  const library = openLlama(host);
  const model = loadModel(library, run.ggufPath, { mmap: true, repack: true });
  const vocabulary = model.vocabularySize;
  const context = createContext(library, model, {
    sequences,
    positionsPerSequence: paddedPositions(input + output),
    batch: sequences * input,
    ubatch: 512,
    outputs: sequences,
    threads,
    threadpool: { polling: 50, cpus: [] },
    cacheType: run.cacheType ?? 'f32',
    flashAttention: 'off',
    unifiedCache: false,
  });
  const batch = tokenBatch(context.effective.batch);
  const prompts = Array.from({ length: sequences }, (_, row) => barePrompt(row, input, vocabulary));
  const clock = host.clock;
  return {
    generate() {
      context.clear();
      const steps_ns: bigint[] = [];
      const tokens: number[][] = prompts.map(() => []);
      const start_ns = clock.monotonic_ns();
      batch.clear();
      for (let row = 0; row < sequences; row += 1) {
        for (let at = 0; at < input; at += 1) batch.add(prompts[row]![at]!, at, row, at === input - 1);
      }
      for (let step = 0; step < output; step += 1) {
        if (step > 0) {
          batch.clear();
          for (let row = 0; row < sequences; row += 1) {
            batch.add(tokens[row]![step - 1]!, input + step - 1, row, true);
          }
        }
        context.decode(batch);
        const logits = context.logits(sequences);
        for (let row = 0; row < sequences; row += 1) {
          tokens[row]!.push(argmax(logits, row * vocabulary, vocabulary));
        }
        steps_ns.push(clock.monotonic_ns());
      }
      context.rest();
      return { start_ns, steps_ns, tokens };
    },
    close() {
      context.free();
      model.free();
      library.close();
    },
  };
}
