import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FIDELITY_ENGINES, labelOf } from '../../bench/fidelity/engines.ts';
import type { FidelityResult } from '../../bench/fidelity/part.ts';
import {
  readGenAi,
  readInTurn,
  readLlamaBench,
  readOptimumBenchmark,
  readPlainCalls,
  readVllmLatency,
} from '../../bench/fidelity/peer-output.ts';
import { regionRatios } from '../../bench/fidelity/ratios.ts';
import { fidelityTables } from '../../bench/fidelity/table.ts';
import { meanTimes, timesOf } from '../../bench/fidelity/times.ts';
import { engineDeclaration } from '../../src/engines/declarations.ts';
import { PYTHON_FOLDER } from '../../src/environments/folders.ts';

const NO_NOISE: FidelityResult['rows'][number]['noise'] = { wall_ns: 1, foreignCpuShare: 0.25 } as never;

describe('times of a generation', () => {
  it('are read off the stamps: a cut prefill gives more stamps than tokens', () => {
    const call = { start_ns: 100, end_ns: 1000 };
    expect(timesOf({ call, steps_ns: [400, 600, 900] }, 3)).toEqual({ call: 900, prefill: 300, decode: 500 });
    expect(timesOf({ call, steps_ns: [200, 400, 600, 900] }, 3)).toEqual({
      call: 900,
      prefill: 300,
      decode: 500,
    });
  });

  it('are averaged only in regions that every repeat knows', () => {
    expect(meanTimes([{ call: 1, decode: 4 }, { call: 3 }])).toEqual({ call: 2 });
  });
});

describe('results of peers', () => {
  it("are vLLM's seconds", () => {
    const text = '{"model_id": "m", "avg_latency": 1.5, "latencies": [1.0, 2.0], "percentiles": {"50": 1.5}}';
    expect(readVllmLatency(text)).toEqual([{ call: 1e9 }, { call: 2e9 }]);
  });

  it('are nanoseconds of plain calls', () => {
    expect(readPlainCalls('{"calls_ns": [5, 6]}')).toEqual([{ call: 5 }, { call: 6 }]);
    expect(() => readPlainCalls('{"calls_ns": []}')).toThrow();
  });

  it('are calls of both sides by turns', () => {
    expect(readInTurn('{"pairs": [{"ours_ns": 6, "theirs_ns": 5}]}')).toEqual([
      { ours: { call: 6 }, theirs: { call: 5 } },
    ]);
  });

  it("are prefill and steps by llama-bench's definition", () => {
    expect(readLlamaBench('{"prefill_ns": [3, 4], "decode_ns": [10, 20]}')).toEqual([
      { prefill: 3, decode: 10 },
      { prefill: 4, decode: 20 },
    ]);
  });

  it("are GenAI's raw microseconds, the first token apart", () => {
    const call = {
      generated: 3,
      generate_durations: [70],
      m_times_to_first_token: [30],
      m_durations: [18, 20],
    };
    expect(readGenAi(JSON.stringify({ calls: [call] }))).toEqual([
      { call: 70_000, prefill: 30_000, decode: 38_000 },
    ]);
  });

  it("are seconds of Optimum-Benchmark's report", () => {
    const target = (values: readonly number[]) => ({ memory: null, latency: { unit: 's', values, p50: 1 } });
    const report = { prefill: target([0.5, 0.25]), decode: target([2, 4]), per_token: null };
    expect(readOptimumBenchmark(JSON.stringify(report))).toEqual([
      { prefill: 5e8, decode: 2e9 },
      { prefill: 2.5e8, decode: 4e9 },
    ]);
  });
});

describe('ratios', () => {
  const pairs = (ratios: readonly number[]) =>
    ratios.map((ratio) => ({ ours: { call: 1000 * ratio, decode: 7 }, theirs: { call: 1000 } }));

  it('are ours over theirs, in regions that both know', () => {
    const [only, ...none] = regionRatios(pairs([1.1, 1.1]), 0.03);
    expect(none).toEqual([]);
    expect(only?.region).toBe('call');
    expect(only?.ratio.kind === 'value' ? only.ratio.value.mean : undefined).toBeCloseTo(1.1, 12);
    expect(only?.verdict).toBe('beyond');
  });

  it.each([
    ['within', [1.01, 1.012, 1.009, 1.011]],
    ['beyond', [1.06, 1.061, 1.059, 1.06]],
    ['undecided', [1.01, 1.06, 0.97, 1.03]],
    ['undecided', [1.0]],
  ] as const)('are %s the margin by their interval', (verdict, ratios) => {
    expect(regionRatios(pairs(ratios), 0.03).map((one) => one.verdict)).toEqual([verdict]);
  });
});

describe('the registry', () => {
  it('names engines, versions and programs that there are', () => {
    for (const { engine, peers, inTurn } of FIDELITY_ENGINES) {
      const worker = engineDeclaration(engine.id)?.worker;
      expect(worker, labelOf(engine)).toBeDefined();
      if (engine.version !== undefined && worker?.kind === 'python') {
        expect(worker.versionSets).toContain(engine.version);
      }
      for (const { program } of [...peers, ...inTurn]) {
        const file =
          program.kind === 'python'
            ? join(PYTHON_FOLDER, 'peers', `${program.module}.py`)
            : join(PYTHON_FOLDER, '..', 'bench', program.file.replace(/\.js$/, '.ts'));
        expect(existsSync(file), file).toBe(true);
      }
    }
  });
});

it('a row has a line for each region, and what gave none has its reason', () => {
  const rows: FidelityResult['rows'] = [
    {
      engine: 'vllm@0.30.0',
      work: { precision: 'fp32', batch: 4, input: 64, output: 64, threads: 2 },
      against: 'own timers',
      pairedBy: 'call',
      margin: 0.01,
      regions: regionRatios(
        [1, 2].map(() => ({ ours: { prefill: 2, decode: 9 }, theirs: { prefill: 2, decode: 9 } })),
        0.01,
      ),
      noise: NO_NOISE,
    },
  ];
  const without = [{ engine: 'ctranslate2', batch: 4, reason: 'own timers: it has none' }];
  const text = fidelityTables('f.json', { model: 'm', rows, without });
  expect(text.split('\n').filter((line) => line.includes('vllm@0.30.0'))).toEqual([
    expect.stringMatching(
      /own timers +\| 4 +\| 64 \+ 64 +\| prefill +\| 2 calls +\| 1.000 \(1.000 to 1.000\) +\| within 1 % +\| 0.25/,
    ),
    expect.stringContaining('| decode'),
  ]);
  expect(text).toContain('- ctranslate2, batch 4: own timers: it has none');
});
