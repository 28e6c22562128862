/** The registry of metrics: one line each, in the order of tables and docs. */
import { bandwidthUtilisation } from './bandwidth-utilisation.ts';
import { charactersPerSecond, charactersPerToken } from './characters-per-second.ts';
import { conversionBytes, conversionTime } from './conversion.ts';
import { costPerMillionInputTokens, costPerMillionOutputTokens, costPerMillionTokens } from './cost.ts';
import { decodeThroughput } from './decode-throughput.ts';
import { endToEnd, endToEndResponse } from './end-to-end.ts';
import { energyPerToken } from './energy.ts';
import { flopsUtilisation } from './flops-utilisation.ts';
import {
  interTokenLatency,
  interTokenLatencyP95,
  interTokenLatencyP95Bound,
  interTokenLatencyP99,
  interTokenLatencyP99Bound,
} from './inter-token-latency.ts';
import { llamaBenchPp, llamaBenchTg } from './llama-bench.ts';
import { loadTime, modelLoadTime, processStartTime } from './load-time.ts';
import type { Metric } from './metric.ts';
import { NOISE_METRICS } from './noise-figures.ts';
import { finishedRowsShare, promptPaddingShare } from './padding-share.ts';
import { peakMemory } from './peak-memory.ts';
import { prefillRate } from './prefill-rate.ts';
import { rooflineShare } from './roofline-share.ts';
import { samplingTime } from './sampling-time.ts';
import { throughput } from './throughput.ts';
import { throughputPaddingComputed, throughputPaddingCounted } from './throughput-padded.ts';
import { throughputPerSequence } from './throughput-per-sequence.ts';
import { throughputWholeCall } from './throughput-whole-call.ts';
import { timePerOutputToken } from './time-per-output-token.ts';
import { timeToFirstToken, timeToFirstTokenResponse } from './time-to-first-token.ts';
import { tokenisationCharacters, tokenisationTokens } from './tokenisation.ts';

export const METRICS: readonly Metric[] = [
  throughput,
  throughputWholeCall,
  throughputPerSequence,
  throughputPaddingCounted,
  throughputPaddingComputed,
  finishedRowsShare,
  promptPaddingShare,
  samplingTime,
  timeToFirstToken,
  timeToFirstTokenResponse,
  prefillRate,
  timePerOutputToken,
  interTokenLatency,
  interTokenLatencyP95,
  interTokenLatencyP99,
  interTokenLatencyP95Bound,
  interTokenLatencyP99Bound,
  decodeThroughput,
  endToEnd,
  endToEndResponse,
  charactersPerSecond,
  charactersPerToken,
  tokenisationCharacters,
  tokenisationTokens,
  loadTime,
  modelLoadTime,
  processStartTime,
  conversionTime,
  conversionBytes,
  peakMemory,
  bandwidthUtilisation,
  flopsUtilisation,
  rooflineShare,
  energyPerToken,
  costPerMillionTokens,
  costPerMillionInputTokens,
  costPerMillionOutputTokens,
  llamaBenchPp,
  llamaBenchTg,
  ...NOISE_METRICS,
];

/** The metric called `id`, or undefined. */
export const findMetric = (id: string): Metric | undefined => METRICS.find((metric) => metric.id === id);
