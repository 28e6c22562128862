/**
 * Claims on memory, reported settings and capability, in worlds where they are true, false and open. Simulated engines
 * have no process of their own and no modules: what a launch would have read of them is written into the run's journal.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Cell } from '../../src/axes/cell.ts';
import { reportInput } from '../../src/cli/reports.ts';
import { runFolder } from '../../src/journal/run-folder.ts';
import { presentValue } from '../../src/kernel/maybe.ts';
import { randomStream } from '../../src/kernel/random.ts';
import { buildReport } from '../../src/report/build.ts';
import type { ReportInput } from '../../src/report/input.ts';
import type { Verdict } from '../../src/verdicts/judge.ts';
import { FOLDER, simulatedRun } from './sim-study.ts';

const STUDY = `
name: simulated
models: [tiny]
engines:
  - {id: sim, label: one, precisions: [fp32, w8]}
  - {id: sim, label: other, precisions: [fp32], options: {step_ns: 20000000, outOfMemoryAbove: 1}}
  - {id: tensorrt-llm, label: vLLM}
axes: {batch: [1, 4], device: [cpu, 'cuda:0']}
defaults: {inputTokens: 20, outputTokens: 5}
rounds: {minimum: 5, maximum: 5, confirm: 0}
repeats: {minimum: 1, maximum: 1, window: 1ms}
correctness: {check: false}
claims:
  - {id: half, claim: said, kind: memory, for: {engine: one}, of: {precision: w8}, to: {precision: fp32}, atMost: 0.6}
  - {id: third, claim: said, kind: memory, for: {engine: one}, of: {precision: w8}, to: {precision: fp32}, atMost: 0.4}
  - {id: even, claim: said, kind: memory, for: {engine: one}, of: {precision: w8}, to: {precision: fp32}, atMost: 0.5}
  - {id: none-replaced, claim: said, kind: reports, for: {engine: one}, setting: replacedModules, equals: 0}
  - {id: all-replaced, claim: said, kind: reports, for: {engine: one}, setting: replacedModules, equals: 12}
  - {id: unreported, claim: said, kind: reports, for: {engine: other}, setting: replacedModules, equals: 0}
  - {id: cannot, claim: said, kind: capability, for: {engine: one, device: 'cuda:0'}, possible: false, stated: none in 2023}
  - {id: can, claim: said, kind: capability, for: {engine: one, device: 'cuda:0'}, possible: true, stated: planned in 2023}
  - {id: ran, claim: said, kind: capability, for: {engine: one, device: cpu}, possible: true, stated: yes in 2023}
  - {id: ran-then, claim: said, kind: capability, for: {engine: one, device: cpu}, possible: false, stated: none in 2023}
  - {id: not-here, claim: said, kind: capability, for: {engine: vLLM}, possible: false, stated: none in 2023}
  - {id: part, claim: said, kind: capability, for: {engine: [one, vLLM], device: 'cuda:0'}, possible: false, stated: none in 2023}
`;

let simulated: ReportInput;
beforeAll(async () => {
  simulated = reportInput(await simulatedRun(STUDY), runFolder(FOLDER));
});

interface World {
  /** Peak bytes of a cell in a round. */
  readonly peakBytes: (cell: Cell, round: number) => number;
  /** What the engine `one` reports in a round; undefined: nothing. */
  readonly replaced: (round: number) => number | undefined;
}

/** Verdicts by claim, with what every launch read written into its journal. */
function verdictsIn({ peakBytes, replaced }: World): ReadonlyMap<string, Verdict> {
  const cells = new Map(simulated.cells.map((cell) => [cell.cellKey, cell]));
  const starts = new Map(
    simulated.records.flatMap((record) =>
      record.kind === 'launch-started' ? [[record.launch, record]] : [],
    ),
  );
  const records = simulated.records.map((record) => {
    if (record.kind === 'cell-measured') {
      const cell = cells.get(record.cellKey)!.cell;
      const bytes = Math.round(peakBytes(cell, starts.get(record.launch)!.round));
      const { memoryMissing: _, ...rest } = record;
      return {
        ...rest,
        memory: { peakResidentBytes: bytes, residentBytes: bytes, proportionalBytes: bytes },
      };
    }
    if (record.kind === 'launch-loaded') {
      const start = starts.get(record.launch)!;
      const label = cells.get(start.cellKeys[0] ?? '')?.engineLabel;
      const value = label === 'one' ? replaced(start.round) : undefined;
      const { effective } = record;
      if (value === undefined) return record;
      return {
        ...record,
        effective: { ...effective, settings: { ...effective.settings, replacedModules: value } },
      };
    }
    return record;
  });
  const { claims } = buildReport({ ...simulated, records });
  return new Map(claims?.verdicts.map((verdict) => [verdict.id, verdict]));
}

const exact = ({ precision, batch }: Cell): number => (precision === 'w8' ? 50e6 : 100e6) * (1 + batch / 4);

describe('claims on memory', () => {
  it('are certain where nothing varies, with the exact ratio', () => {
    const verdicts = verdictsIn({ peakBytes: exact, replaced: () => 0 });
    expect(['half', 'third'].map((id) => verdicts.get(id)?.outcome)).toEqual(['supported', 'refuted']);
    expect(verdicts.get('half')?.effects.map(({ value }) => presentValue(value)?.mean)).toEqual([
      expect.closeTo(0.5, 9),
      expect.closeTo(0.5, 9),
    ]);
  });

  it('are undecided where the margin is the truth and launches differ', () => {
    const random = randomStream(5, 'memory');
    const factors = new Map<string, number>();
    const factor = (key: string): number => {
      const known = factors.get(key) ?? 1 + 0.01 * random.normal();
      factors.set(key, known);
      return known;
    };
    const verdicts = verdictsIn({
      peakBytes: (cell, round) => exact(cell) * factor(`${cell.precision} ${cell.batch} ${round}`),
      replaced: () => 0,
    });
    expect(['half', 'third', 'even'].map((id) => verdicts.get(id)?.outcome)).toEqual([
      'supported',
      'refuted',
      'undecided',
    ]);
  });
});

describe('claims on what an engine reports', () => {
  const outcomes = (replaced: World['replaced']) => {
    const verdicts = verdictsIn({ peakBytes: exact, replaced });
    return ['none-replaced', 'all-replaced'].map((id) => verdicts.get(id)?.outcome);
  };

  it('hold where every launch says so, and not where it says something else', () => {
    expect(outcomes(() => 0)).toEqual(['supported', 'refuted']);
    expect(outcomes(() => 12)).toEqual(['refuted', 'supported']);
  });

  it('do not hold where launches differ, the last one agreeing or not', () => {
    expect(outcomes((round) => (round === 4 ? 0 : 12))).toEqual(['refuted', 'refuted']);
    expect(outcomes((round) => (round === 2 ? undefined : 0))).toEqual(['refuted', 'refuted']);
  });

  it('are open where nothing is reported', () => {
    expect(outcomes(() => undefined)).toEqual(['not-measured', 'not-measured']);
    const unreported = verdictsIn({ peakBytes: exact, replaced: () => 0 }).get('unreported');
    expect([unreported?.outcome, unreported?.reason?.en]).toEqual([
      'not-measured',
      expect.stringContaining('it does not report replacedModules'),
    ]);
  });
});

describe('claims on capability, then and now', () => {
  it('follow what ran and what an engine that is known declares, never what is absent', () => {
    const verdicts = verdictsIn({ peakBytes: exact, replaced: () => 0 });
    const found = ['cannot', 'can', 'ran', 'ran-then', 'not-here', 'part'].map(
      (id) => verdicts.get(id)?.outcome,
    );
    expect(found).toEqual([
      'supported',
      'refuted',
      'supported',
      'refuted',
      'not-measured',
      // One cannot, but of the other nothing is known.
      'not-measured',
    ]);
    const texts = verdicts
      .get('ran-then')
      ?.effects.map(({ name, value }) => [name.en, value.kind === 'missing' ? value.reason.en : '']);
    expect(texts).toEqual([
      ['then', 'none in 2023'],
      ['now', expect.stringMatching(/^ran: one fp32/)],
    ]);
  });
});
