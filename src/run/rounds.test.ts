import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simDeclaration } from '../engines/sim/declaration.ts';
import type { JournalRecord } from '../journal/records.ts';
import { journalState } from '../journal/state.ts';
import { describeShape } from '../models/architectures/registry.ts';
import { presetOf } from '../models/presets.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { Plan } from '../plan/plan.ts';
import { parseStudyOrThrow } from '../study/parse.ts';
import { costBook } from './costs.ts';
import { type RoundsOutcome, runRounds } from './rounds.ts';

const { shape } = presetOf('tiny');
const description = describeShape(shape);

/** Two precisions at four batches, in one or several blocks. */
const study = (seed: number, window: string, maximum = 5, models = ['tiny']) =>
  parseStudyOrThrow(
    `name: t
models: [${models.map((name) => `{preset: tiny, name: ${name}}`).join(', ')}]
engines: [{id: sim, precisions: [fp32, w8]}, {id: sim, label: b, options: {step_ns: 7}}]
axes: {batch: [1, 2, 4, 8], inputTokens: 8, outputTokens: 8}
repeats: {window: ${window}, minimum: 1}
rounds: {minimum: 3, maximum: ${maximum}}
priority: [{batch: 4}, {precision: w8}]
seed: ${seed}
`,
    { engines: [simDeclaration], presets: ['tiny'], metrics: [] },
    't',
  );

const planOf = (seed: number, window: string, maximum = 5, models = ['tiny']) =>
  makePlan({
    study: study(seed, window, maximum, models),
    models: models.map((name) => ({
      kind: 'checkpoint',
      name,
      modelHash: name,
      shape,
      description,
      checkpointBytes: 0,
      toBeWritten: false,
    })),
    declarations: [simDeclaration],
    unavailable: {},
    machine: {
      logicalCpus: 2,
      availableMemoryBytes: 8e9,
      freeDiskBytes: 8e9,
      memoryReadBytesPerSecond: undefined,
      float32Flops: undefined,
    },
  });

interface World {
  readonly seed: number;
  readonly window: string;
  /** Rounds at most; 5 unless it says otherwise. */
  readonly maximum?: number;
  /** What launches really take, as a multiple of the plan's estimate, by launch. */
  readonly slowness: readonly number[];
  readonly budget_ms: number | undefined;
  /** Ctrl-C comes before this launch. */
  readonly interruptAt: number | undefined;
  readonly leaders?: ReadonlySet<string>;
  /** In place of that of `planOf`. */
  readonly plan?: Plan;
}

interface Run {
  readonly outcome: RoundsOutcome;
  readonly records: readonly JournalRecord[];
  readonly elapsed_ms: number;
  readonly longest_ms: number;
}

/** Rounds over a made-up clock; `earlier` is the journal of a previous invocation. */
async function simulate(world: World, earlier: readonly JournalRecord[] = []): Promise<Run> {
  const plan = world.plan ?? planOf(world.seed, world.window, world.maximum);
  const records = [...earlier];
  let elapsed_ms = 0;
  let longest_ms = 0;
  let started = 0;
  const outcome = await runRounds({
    study: study(world.seed, world.window, world.maximum),
    plan,
    before: journalState(earlier),
    costs: costBook(),
    record: (record) => records.push(record),
    onEvent: () => undefined,
    interrupted: () => started === world.interruptAt,
    remaining_ms: () => (world.budget_ms === undefined ? undefined : world.budget_ms - elapsed_ms),
    isGivenUp: () => false,
    ...(world.leaders === undefined ? {} : { leaders: () => world.leaders ?? new Set<string>() }),
    run: (launch, cellKeys, place, attempt) => {
      const name = `${place.round}.${place.block}.${place.position}.${attempt}`;
      records.push({
        kind: 'launch-started',
        launch: name,
        ...place,
        cellKeys: [...cellKeys],
        requested_ns: '0',
        wallTime: '',
      });
      const factor = world.slowness[started % world.slowness.length] ?? 1;
      started += 1;
      const cells = launch.cells.filter(({ cellKey }) => cellKeys.includes(cellKey));
      const times = new Map(cells.map(({ cellKey, estimated_ms }) => [cellKey, estimated_ms * factor]));
      for (const cellKey of cellKeys) {
        records.push({ kind: 'cell-measured', launch: name, cellKey, noise: { window_ns: 1 } });
      }
      records.push({ kind: 'launch-ended', launch: name, outcome: 'complete', environment: {} });
      const total_ms = [...times.values()].reduce((sum, ms) => sum + ms, launch.overhead_ms * factor);
      elapsed_ms += total_ms;
      longest_ms = Math.max(longest_ms, total_ms);
      return Promise.resolve({
        outcome: 'complete',
        unserved: [],
        cellTimes_ms: times,
        once_ms: 0,
        total_ms,
      });
    },
  });
  return { outcome, records, elapsed_ms, longest_ms };
}

/** How often each cell was measured, by round and cell. */
function measurements(records: readonly JournalRecord[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const launch of journalState(records).launches) {
    for (const [cellKey, cell] of launch.cells) {
      if (cell.measured === undefined) continue;
      const key = `${launch.place.round} ${cellKey}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return counts;
}

const startedPlaces = (records: readonly JournalRecord[]) =>
  journalState(records).launches.map(({ launch }) => launch);

const slowness = fc.array(fc.double({ min: 0.3, max: 4, noNaN: true }), { minLength: 1, maxLength: 7 });
const window = fc.constantFrom('1s', '30s');

describe('runRounds', () => {
  it('measures every cell once a round up to the maximum where no budget ends it', async () => {
    const { outcome, records } = await simulate({
      seed: 1,
      window: '1s',
      slowness: [1],
      budget_ms: undefined,
      interruptAt: undefined,
    });
    expect(outcome).toBe('complete');
    const counts = measurements(records);
    expect(counts.size).toBe(12 * 5);
    expect(new Set(counts.values())).toEqual(new Set([1]));
  });

  it('exceeds its budget by no more than one launch, and gives kept cells equal rounds to within one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        window,
        slowness,
        fc.integer({ min: 1_000, max: 900_000 }),
        async (seed, win, slow, budget_ms) => {
          const run = await simulate({
            seed,
            window: win,
            slowness: slow,
            budget_ms,
            interruptAt: undefined,
          });
          expect(run.elapsed_ms).toBeLessThanOrEqual(budget_ms + run.longest_ms);
          const dropped = new Set(journalState(run.records).dropped.map(({ cellKey }) => cellKey));
          const rounds = new Map<string, number>();
          for (const { cellKey } of planOf(seed, win).cells)
            if (!dropped.has(cellKey)) rounds.set(cellKey, 0);
          for (const key of measurements(run.records).keys()) {
            const cellKey = key.split(' ')[1] ?? '';
            if (rounds.has(cellKey)) rounds.set(cellKey, (rounds.get(cellKey) ?? 0) + 1);
          }
          const counts = [...rounds.values()];
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('goes on after an interruption without repeating or doubling, in the order of an uninterrupted run', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), window, fc.nat(14), async (seed, win, interruptAt) => {
        const world: World = { seed, window: win, slowness: [1], budget_ms: undefined, interruptAt };
        const first = await simulate(world);
        expect(first.outcome).toBe('interrupted');
        const second = await simulate({ ...world, interruptAt: undefined }, first.records);
        expect(second.outcome).toBe('complete');
        expect([...measurements(second.records).values()].every((count) => count === 1)).toBe(true);
        const whole = await simulate({ ...world, interruptAt: undefined });
        expect(startedPlaces(second.records)).toEqual(startedPlaces(whole.records));
      }),
      { numRuns: 40 },
    );
  });

  it('keeps what the study calls most important', async () => {
    const plan = planOf(3, '30s');
    const { records } = await simulate({
      seed: 3,
      window: '30s',
      slowness: [1],
      budget_ms: 1.8 * plan.round_ms,
      interruptAt: undefined,
    });
    const dropped = new Set(journalState(records).dropped.map(({ cellKey }) => cellKey));
    expect(dropped.size).toBeGreaterThan(0);
    const kept = plan.cells.filter(({ cellKey }) => !dropped.has(cellKey));
    const worstKept = Math.max(...kept.map(({ rank }) => rank));
    for (const { cellKey, rank } of plan.cells) {
      if (dropped.has(cellKey)) expect(rank).toBeGreaterThanOrEqual(worstKept);
    }
    expect(kept.some(({ cell }) => cell.batch === 4)).toBe(true);
  });

  it('regression: a budget for one round and a little more went to the first cell of the study, not to those that lead', async () => {
    const plan = planOf(3, '30s');
    const important = plan.cells.filter(({ rank }) => rank === 0).map(({ cellKey }) => cellKey);
    const roundsOf = async (leaders: ReadonlySet<string>): Promise<Map<string, number>> => {
      const cost_ms = plan.round_ms / plan.cells.length;
      const world = { seed: 3, window: '30s', slowness: [1], interruptAt: undefined, leaders };
      const { records } = await simulate({ ...world, budget_ms: (important.length + 2.5) * cost_ms });
      const counts = new Map<string, number>();
      for (const key of measurements(records).keys()) {
        const cellKey = key.split(' ')[1] ?? '';
        counts.set(cellKey, (counts.get(cellKey) ?? 0) + 1);
      }
      return counts;
    };
    for (const leader of important) {
      const counts = await roundsOf(new Set([leader]));
      expect(counts.get(leader)).toBe(3);
      expect(important.map((cellKey) => counts.get(cellKey) ?? 0).sort()).toEqual([1, 1, 3]);
    }
  });

  it('goes on in pieces: what was begun gets its rounds first, then the next in importance are begun', async () => {
    const plan = planOf(3, '30s');
    const piece: World = {
      seed: 3,
      window: '30s',
      slowness: [1],
      budget_ms: 1.1 * plan.round_ms,
      interruptAt: undefined,
    };
    let records: readonly JournalRecord[] = [];
    let outcome: RoundsOutcome = 'budget';
    let pieces = 0;
    while (outcome === 'budget') {
      const before = measurements(records);
      const run = await simulate(piece, records);
      const after = measurements(run.records);
      // No piece repeats anything, and none does nothing.
      expect([...after.values()].every((count) => count === 1)).toBe(true);
      expect(after.size).toBeGreaterThan(before.size);
      ({ records, outcome } = run);
      pieces += 1;
    }
    expect(measurements(records).size).toBe(12 * 5);
    expect(pieces).toBeLessThanOrEqual(8);
  });

  it('gives dropped cells the time that is left once the kept ones have their minimum of rounds', async () => {
    const plan = planOf(3, '30s');
    const launches = plan.launches.length;
    // A slow first round makes the policy drop cells; then the machine turns out to be ten times as fast.
    const slowness = [...Array<number>(launches).fill(1), ...Array<number>(9 * launches).fill(0.1)];
    const { records, outcome } = await simulate({
      seed: 3,
      window: '30s',
      slowness,
      budget_ms: 2.2 * plan.round_ms,
      interruptAt: undefined,
    });
    const dropped = new Set(journalState(records).dropped.map(({ cellKey }) => cellKey));
    expect(dropped.size).toBeGreaterThan(0);
    const roundsOf = (cellKey: string): number[] =>
      [...measurements(records).keys()]
        .filter((key) => key.endsWith(` ${cellKey}`))
        .map((key) => Number(key.split(' ')[0]));
    // The least important were not begun at all; others were dropped when the first round was known.
    const kinds = new Set([...dropped].map((cellKey) => String(roundsOf(cellKey))));
    expect([...kinds].sort()).toEqual(['0,3,4,1,2', '3,4,0,1,2']);
    expect(outcome).toBe('complete');
  });

  it('regression: rounds past the minimum of a model that keeps its copies went before the first of one that does not', async () => {
    const seed = 3;
    const both = planOf(seed, '30s', 5, ['tiny', 'second']);
    const copies = {
      limitBytes: 1,
      evicted: [{ model: 'second', until: 'model-ended' as const, bytes: 2 }],
      peakBytes: 2,
    };
    const plan: Plan = { ...both, copies };
    /** Rounds of the most important cells (batch 4) of a model. */
    const roundsOf = (records: readonly JournalRecord[], model: string): number[] =>
      plan.launches
        .filter(({ identity }) => identity.model === model)
        .flatMap(({ cells }) => cells.filter(({ cell }) => cell.batch === 4))
        .map(
          ({ cellKey }) =>
            [...measurements(records).keys()].filter((key) => key.endsWith(` ${cellKey}`)).length,
        );
    const cost_ms = plan.round_ms / plan.cells.length;
    const world = { seed, window: '30s', slowness: [1], interruptAt: undefined, plan };
    const short = await simulate({ ...world, budget_ms: 3.5 * 6 * cost_ms });
    expect(short.outcome).toBe('budget');
    expect(roundsOf(short.records, 'tiny')).toEqual([3, 3, 3]);
    expect(roundsOf(short.records, 'second')).toEqual([3, 3, 3]);
    // With time for everything each has all of its rounds while its copies exist.
    const ample = await simulate({ ...world, budget_ms: 6 * plan.round_ms }, short.records);
    expect(ample.outcome).toBe('complete');
    expect(new Set(measurements(ample.records).values())).toEqual(new Set([1]));
    expect(measurements(ample.records).size).toBe(plan.cells.length * 5);
  });

  it('regression: a study whose maximum of rounds is its minimum left the rest of the budget unused', async () => {
    const world = { seed: 3, window: '30s', maximum: 3, interruptAt: undefined };
    const plan = planOf(world.seed, world.window, world.maximum);
    const launches = plan.launches.length;
    const slowness = [...Array<number>(launches).fill(1), ...Array<number>(9 * launches).fill(0.1)];
    const { records, outcome, elapsed_ms } = await simulate({
      ...world,
      slowness,
      budget_ms: 2.2 * plan.round_ms,
    });
    expect(journalState(records).dropped.length).toBeGreaterThan(0);
    expect(outcome).toBe('complete');
    expect(elapsed_ms).toBeLessThan(2.2 * plan.round_ms);
    // Every cell once in each of three rounds, in launches with names of their own.
    expect([...measurements(records).values()]).toEqual(Array<number>(3 * plan.cells.length).fill(1));
    const names = records.flatMap((record) => (record.kind === 'launch-started' ? [record.launch] : []));
    expect(new Set(names).size).toBe(names.length);
  });
});
