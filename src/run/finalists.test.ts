import { describe, expect, it } from 'vitest';
import type { Cell } from '../axes/cell.ts';
import type { PlannedCell } from '../plan/plan.ts';
import { finalists } from './finalists.ts';

const cell = (engine: string, precision: Cell['precision'], batch: number): PlannedCell => ({
  cellKey: `${engine} ${precision} ${batch}`,
  label: engine,
  experiments: [],
  launchKey: `${engine} ${precision}`,
  rank: 0,
  memory: { weightBytes: 1, kvCacheBytes: 1, overheadBytes: 1 },
  estimated_ms: 1,
  cell: {
    task: 'generate',
    model: 'tiny',
    modelHash: 'h',
    engine,
    engineVersion: undefined,
    options: {},
    precision,
    device: 'cpu',
    threads: 2,
    inputTokens: 8,
    outputTokens: 8,
    depthTokens: 0,
    batch,
    batching: 'static',
    slots: batch,
    stop: 'forced',
    promptLengths: 'equal',
  },
});

const cells = ['a', 'b'].flatMap((engine) =>
  (['fp32', 'w8', 'w4'] as const).flatMap((precision) =>
    [1, 4, 16].map((batch) => cell(engine, precision, batch)),
  ),
);
const speed: Readonly<Record<string, number>> = { fp32: 10, w8: 20, w4: 30 };
const throughput = new Map(
  cells.map(({ cellKey, cell: c }) => [
    cellKey,
    (speed[c.precision] ?? 0) * c.batch + (c.engine === 'b' ? 1 : 0),
  ]),
);

describe('finalists', () => {
  it('takes winner and rival of both classes, at the smallest and the largest batch only', () => {
    expect([...finalists(cells, throughput, new Set())].sort()).toEqual(
      ['a fp32 1', 'b fp32 1', 'a w4 1', 'b w4 1', 'a fp32 16', 'b fp32 16', 'a w4 16', 'b w4 16'].sort(),
    );
  });

  it('leaves fp32 cells with other tokens out of the lossless class, and cells without a value out of both', () => {
    const slow = new Map([...throughput].filter(([key]) => !key.startsWith('b w4')));
    const chosen = finalists(cells, slow, new Set(['b fp32 1', 'b fp32 16']));
    expect(chosen.has('b fp32 1')).toBe(false);
    expect(chosen.has('b w4 1')).toBe(false);
    expect(chosen.has('b w8 1')).toBe(true);
  });

  it('measures a rival of less than half the throughput no further', () => {
    const slow = new Map([...throughput, ['a fp32 1', 5.4] as const]);
    expect(finalists(cells, slow, new Set()).has('a fp32 1')).toBe(false);
    expect(finalists(cells, slow, new Set()).has('b fp32 1')).toBe(true);
  });
});
