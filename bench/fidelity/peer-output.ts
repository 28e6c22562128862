/** What the programs of `python/peers` and this folder write, each in its own format -> times of every repeat. Pure. */
import { z } from 'zod';
import type { TimedPair } from './ratios.ts';
import type { Times } from './times.ts';

const positive = z.number().positive();

const vllmLatency = z.object({ latencies: z.array(positive).min(1) });

/** `--output-json` of `vllm bench latency`: seconds of `LLM.generate`. */
export const readVllmLatency = (text: string): Times[] =>
  vllmLatency.parse(JSON.parse(text)).latencies.map((seconds) => ({ call: seconds * 1e9 }));

const plainCalls = z.strictObject({ calls_ns: z.array(positive).min(1) });

/** A plain loop around the library's own call. */
export const readPlainCalls = (text: string): Times[] =>
  plainCalls.parse(JSON.parse(text)).calls_ns.map((call) => ({ call }));

const inTurn = z.strictObject({
  pairs: z.array(z.strictObject({ ours_ns: positive, theirs_ns: positive })).min(1),
});

/** Calls of both sides by turns. */
export const readInTurn = (text: string): TimedPair[] =>
  inTurn.parse(JSON.parse(text)).pairs.map(({ ours_ns, theirs_ns }) => ({
    ours: { call: ours_ns },
    theirs: { call: theirs_ns },
  }));

const llamaBench = z.strictObject({
  prefill_ns: z.array(positive).min(1),
  decode_ns: z.array(positive).min(1),
});

/** Our loop by llama-bench's definition. */
export function readLlamaBench(text: string): Times[] {
  const { prefill_ns, decode_ns } = llamaBench.parse(JSON.parse(text));
  return prefill_ns.map((prefill, i) => ({ prefill, ...found('decode', decode_ns[i]) }));
}

const genAi = z.strictObject({
  calls: z
    .array(
      z.strictObject({
        generated: z.number().int().positive(),
        generate_durations: z.array(positive).length(1),
        m_times_to_first_token: z.array(positive).length(1),
        m_durations: z.array(positive).min(1),
      }),
    )
    .min(1),
});

/** Raw metrics of OpenVINO GenAI, microseconds: `m_durations` has one entry for each token after the first. */
export const readGenAi = (text: string): Times[] =>
  genAi.parse(JSON.parse(text)).calls.map(({ generate_durations, m_times_to_first_token, m_durations }) => ({
    ...found('call', inNanoseconds(generate_durations)),
    ...found('prefill', inNanoseconds(m_times_to_first_token)),
    decode: inNanoseconds(m_durations),
  }));

const inNanoseconds = (microseconds: readonly number[]): number =>
  microseconds.reduce((sum, value) => sum + value, 0) * 1e3;

const latency = z.object({ latency: z.object({ unit: z.literal('s'), values: z.array(positive).min(1) }) });
const optimumReport = z.object({ prefill: latency, decode: latency });

/** A report of Optimum-Benchmark's inference scenario: seconds, by a logits processor of its own. */
export function readOptimumBenchmark(text: string): Times[] {
  const { prefill, decode } = optimumReport.parse(JSON.parse(text));
  return prefill.latency.values.map((seconds, i) => ({
    prefill: seconds * 1e9,
    ...found('decode', decode.latency.values[i], 1e9),
  }));
}

/** One region, where there is a value. */
const found = (region: keyof Times, value: number | undefined, factor = 1): Times =>
  value === undefined ? {} : { [region]: value * factor };
