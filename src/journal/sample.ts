/**
 * From the worker's sample to the journalled one: token ids move out into a content-addressed `tokens` record, because
 * greedy repeats of one cell write the same ids every time.
 */
import { contentHash } from '../kernel/canonical.ts';
import type { Sample } from '../protocol/sample.ts';
import type { JournalSample } from './record-parts.ts';

export interface JournalledSample {
  readonly sample: JournalSample;
  /** Digest of `tokens`; the same as `sample.tokensDigest`. */
  readonly tokensDigest: string;
  /** New token ids by sequence. */
  readonly tokens: number[][];
}

/** Splits `sample` into its stamps and its token ids. Nothing is lost: `tokensDigest` leads back to the ids. */
export function toJournalSample(sample: Sample): JournalledSample {
  const tokens = sample.sequences.map((sequence) => [...sequence.tokens]);
  const tokensDigest = contentHash(tokens, 32);
  return {
    sample: {
      call: sample.call,
      steps_ns: [...sample.steps_ns],
      sequences: sample.sequences.map(({ tokens: ids, ...stamps }) => ({ ...stamps, newTokens: ids.length })),
      ...(sample.sampling_ns === undefined ? {} : { sampling_ns: sample.sampling_ns }),
      tokensDigest,
    },
    tokensDigest,
    tokens,
  };
}
