/** The regions of a generation that two ways of measuring it are compared in. Pure. */
import type { Sample } from '../../src/protocol/sample.ts';
import { decodeTime_ns } from '../baselines/job.ts';

/** `call`: the engine's generate call as a whole; `prefill`: to the first token of all sequences; `decode`: from there to the last. */
export const REGIONS = ['call', 'prefill', 'decode'] as const;
export type Region = (typeof REGIONS)[number];

/** Nanoseconds of each region that is known. */
export type Times = Readonly<Partial<Record<Region, number>>>;

/** What Hayasa reads off a sample of a static batch. */
export function timesOf(
  { call, steps_ns }: Pick<Sample, 'call' | 'steps_ns'>,
  output: number,
): Required<Times> {
  const decode = decodeTime_ns(steps_ns, output);
  const last = steps_ns.at(-1) ?? Number.NaN;
  return { call: call.end_ns - call.start_ns, prefill: last - decode - call.start_ns, decode };
}

/** The mean of each region that all of them know. @param all at least one */
export function meanTimes(all: readonly Times[]): Times {
  return Object.fromEntries(
    REGIONS.flatMap((region): [Region, number][] => {
      const known = all.flatMap((times) => times[region] ?? []);
      if (known.length === 0 || known.length < all.length) return [];
      return [[region, known.reduce((sum, value) => sum + value, 0) / known.length]];
    }),
  );
}
