/** The registry of dialects: one line each, in the order of help and docs. */
import { aiperf } from './aiperf.ts';
import type { Dialect } from './dialect.ts';
import { guidellm } from './guidellm.ts';
import { inferenceBenchmarker } from './inference-benchmarker.ts';
import { inferencex } from './inferencex.ts';
import { llamaBatchedBench } from './llama-batched-bench.ts';
import { llamaBench } from './llama-bench.ts';
import { llmperf } from './llmperf.ts';
import { localscore } from './localscore.ts';
import { mlcommonsEndpoints } from './mlcommons-endpoints.ts';
import { mlperfLoadgen } from './mlperf-loadgen.ts';
import { optimumBenchmark } from './optimum-benchmark.ts';
import { vllm } from './vllm.ts';

export const DIALECTS: readonly Dialect[] = [
  vllm,
  aiperf,
  guidellm,
  inferenceBenchmarker,
  optimumBenchmark,
  llamaBench,
  llamaBatchedBench,
  mlperfLoadgen,
  mlcommonsEndpoints,
  inferencex,
  localscore,
  llmperf,
];

export const DIALECT_IDS: readonly string[] = DIALECTS.map(({ id }) => id);

/** The dialect called `id`, or undefined. */
export const findDialect = (id: string): Dialect | undefined => DIALECTS.find((dialect) => dialect.id === id);
