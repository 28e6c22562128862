/**
 * The three comparisons of an engine at one batch size:
 * - Hayasa's stamps and the engine's own timers inside the same calls, of one launch;
 * - launches of Hayasa and of a program that times the same work without it, in blocks, shuffled inside each;
 * - calls of Hayasa's worker and of the library, in turn in one process: what launches differ by is the same for both.
 */
import type { Host } from '../../src/host/host.ts';
import type { Noise } from '../../src/journal/record-parts.ts';
import { messageOf } from '../../src/kernel/errors.ts';
import { randomStream } from '../../src/kernel/random.ts';
import { noiseSnapshot } from '../../src/machine/gauges.ts';
import { noiseBetween } from '../../src/machine/noise.ts';
import { openCheckpoint } from '../../src/models/checkpoint/open.ts';
import type { Sample } from '../../src/protocol/sample.ts';
import { type EngineName, loadedEngine } from '../bare-loops/loaded-engine.ts';
import type { Work } from '../baselines/job.ts';
import { type FidelityEngine, type InTurn, labelOf, type Peer } from './engines.ts';
import { readInTurn } from './peer-output.ts';
import { type Counts, runPeer, runPython } from './peer-process.ts';
import { type RegionRatio, regionRatios, type TimedPair } from './ratios.ts';
import { meanTimes, type Times, timesOf } from './times.ts';

/** Generations of each launch of the second comparison. */
const COUNTS: Counts = { warmups: 2, repeats: 5 };
/** Of the first comparison. */
const CALLS: Counts = { warmups: 2, repeats: 10 };
/** Pairs of the third one. */
const TURNS: Counts = { warmups: 2, repeats: 20 };
const TIMERS_MARGIN = 0.01;
const PEERS_MARGIN = 0.03;

export interface FidelityRow {
  readonly engine: string;
  readonly work: Omit<Work, 'modelPath'>;
  /** `own timers`, or the program or the call that Hayasa is compared with. */
  readonly against: string;
  /** `call`: each pair is one call; `block`: each pair is the means of two launches. */
  readonly pairedBy: 'call' | 'block';
  readonly margin: number;
  readonly regions: readonly RegionRatio[];
  /** What the other's times mean, as far as the engine says so. */
  readonly method?: string;
  /** In all, launches of both sides included: they come and go, so that their own work counts as foreign. */
  readonly noise: Noise;
}

/** Inside the same calls. @throws where the engine fails, or gives no times though it is said to */
export async function compareTimers(
  host: Host,
  engine: EngineName,
  ask: 'engineTimers' | 'profile',
  work: Work,
): Promise<FidelityRow> {
  const start = noiseSnapshot(host, undefined);
  const side = await loadedEngine(host, engine, work, vocabularyOf(host, work));
  const pairs: TimedPair[] = [];
  let method = '';
  try {
    for (let repeat = 0; repeat < CALLS.warmups + CALLS.repeats; repeat += 1) {
      const sample = await side.generate({ [ask]: true });
      const own = ownTimesOf(sample);
      if (own === undefined) throw new Error(`${labelOf(engine)}: no times came with ${ask}`);
      method = own.method;
      if (repeat >= CALLS.warmups) pairs.push({ ours: timesOf(sample, work.output), theirs: own.times });
    }
  } finally {
    await side.stop();
  }
  return {
    ...rowOf(engine, work, 'own timers'),
    pairedBy: 'call',
    margin: TIMERS_MARGIN,
    regions: regionRatios(pairs, TIMERS_MARGIN),
    method,
    noise: noiseBetween(start, noiseSnapshot(host, undefined)),
  };
}

function ownTimesOf({ engineTimers, profile }: Sample): { times: Times; method: string } | undefined {
  if (engineTimers !== undefined) {
    const { prefill_ns, decode_ns, method } = engineTimers;
    return {
      times: { decode: decode_ns, ...(prefill_ns === undefined ? {} : { prefill: prefill_ns }) },
      method,
    };
  }
  return profile === undefined
    ? undefined
    : { times: { decode: profile.elapsed_ns }, method: profile.method };
}

export interface PeerComparisons {
  readonly rows: readonly FidelityRow[];
  /** Programs that failed in their first or a later block, and why; they have no row. */
  readonly failed: readonly { readonly title: string; readonly reason: string }[];
}

/** Against all of its peers, in the same blocks; none begins after `end_ns`. @throws where a launch of Hayasa fails */
export async function comparePeers(
  host: Host,
  { engine, peers }: FidelityEngine,
  work: Work,
  { blocks, seed, end_ns }: { readonly blocks: number; readonly seed: number; readonly end_ns: bigint },
): Promise<PeerComparisons> {
  const vocabularySize = vocabularyOf(host, work);
  const stream = randomStream(seed, `bench: fidelity of ${labelOf(engine)}`);
  const start = noiseSnapshot(host, undefined);
  const ours: Times[] = [];
  const theirs = new Map<Peer, Times[]>(peers.map((peer) => [peer, []]));
  const failed: { title: string; reason: string }[] = [];
  while (
    ours.length < blocks &&
    theirs.size > 0 &&
    (ours.length === 0 || host.clock.monotonic_ns() < end_ns)
  ) {
    for (const side of stream.shuffle([undefined, ...theirs.keys()])) {
      if (side === undefined) {
        ours.push(meanTimes(await ourLaunch(host, engine, work, vocabularySize)));
        continue;
      }
      try {
        theirs.get(side)?.push(meanTimes(await runPeer(host, engine, side, work, vocabularySize, COUNTS)));
      } catch (error) {
        theirs.delete(side);
        failed.push({ title: side.title, reason: messageOf(error) });
      }
    }
  }
  const noise = noiseBetween(start, noiseSnapshot(host, undefined));
  const rows = [...theirs].map(
    ([{ title }, times]): FidelityRow => ({
      ...rowOf(engine, work, title),
      pairedBy: 'block',
      margin: PEERS_MARGIN,
      regions: regionRatios(pairsOf(ours, times), PEERS_MARGIN),
      noise,
    }),
  );
  return { rows, failed };
}

/** One process with both sides. @throws where it fails */
export async function compareInTurn(
  host: Host,
  engine: EngineName,
  { title, program }: InTurn,
  work: Work,
): Promise<FidelityRow> {
  const start = noiseSnapshot(host, undefined);
  const text = await runPython(host, engine, program, work, vocabularyOf(host, work), TURNS);
  return {
    ...rowOf(engine, work, title),
    pairedBy: 'call',
    margin: PEERS_MARGIN,
    regions: regionRatios(readInTurn(text), PEERS_MARGIN),
    noise: noiseBetween(start, noiseSnapshot(host, undefined)),
  };
}

const pairsOf = (ours: readonly Times[], theirs: readonly Times[]): TimedPair[] =>
  ours.flatMap((times, block) => {
    const other = theirs[block];
    return other === undefined ? [] : [{ ours: times, theirs: other }];
  });

async function ourLaunch(
  host: Host,
  engine: EngineName,
  work: Work,
  vocabularySize: number,
): Promise<Times[]> {
  const side = await loadedEngine(host, engine, work, vocabularySize);
  try {
    const all: Times[] = [];
    for (let repeat = 0; repeat < COUNTS.warmups + COUNTS.repeats; repeat += 1) {
      const times = timesOf(await side.generate(), work.output);
      if (repeat >= COUNTS.warmups) all.push(times);
    }
    return all;
  } finally {
    await side.stop();
  }
}

function rowOf(engine: EngineName, { modelPath: _, ...work }: Work, against: string) {
  return { engine: labelOf(engine), work, against };
}

const vocabularyOf = (host: Host, { modelPath }: Work): number =>
  openCheckpoint(host.files, modelPath).shape.vocabularySize;
