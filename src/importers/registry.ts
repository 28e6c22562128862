/** The registry of importers: one line each. The first that recognises a document reads it. */
import { aiperfImporter } from './aiperf.ts';
import { guidellmImporter } from './guidellm.ts';
import type { Importer } from './imported.ts';
import { llamaBenchImporter } from './llama-bench/importer.ts';
import { mlperfLoadgenImporter } from './mlperf-loadgen.ts';
import { openvinoLlmBench } from './openvino-llm-bench.ts';
import { optimumBenchmarkImporter } from './optimum-benchmark.ts';
import { vllmLatency, vllmThroughput } from './vllm-offline.ts';
import { vllmServe } from './vllm-serve.ts';

export const IMPORTERS: readonly Importer[] = [
  vllmServe,
  vllmLatency,
  vllmThroughput,
  guidellmImporter,
  aiperfImporter,
  llamaBenchImporter,
  optimumBenchmarkImporter,
  mlperfLoadgenImporter,
  openvinoLlmBench,
];

export const IMPORT_FORMATS: readonly string[] = IMPORTERS.map(({ id }) => id);
