/** Throughput of a sample for progress and for choosing finalists; the report computes it from the journal again. */
import type { JournalSample } from '../journal/record-parts.ts';
import { toJournalSample } from '../journal/sample.ts';
import { presentValue } from '../kernel/maybe.ts';
import { newTokens } from '../metrics/stamps.ts';
import { tokensOverWindow } from '../metrics/throughput.ts';
import type { Sample } from '../protocol/sample.ts';

/** Tokens per second; undefined where the metric is. */
export function journalThroughput(sample: JournalSample): number | undefined {
  return presentValue(tokensOverWindow(sample, newTokens(sample)));
}

/** Tokens per second of a fresh sample, 0 only in the progress line of a sample that has none. */
export const throughputOf = (sample: Sample): number =>
  journalThroughput(toJournalSample(sample).sample) ?? 0;
