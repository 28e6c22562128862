import { expect, it } from 'vitest';
import { experimentTimes } from './experiment-time.ts';
import type { PlannedCell, PlannedLaunch } from './plan.ts';

const cell = (cellKey: string, estimated_ms: number, experiments: readonly string[]) =>
  ({ cellKey, estimated_ms, experiments, rank: 0 }) as unknown as PlannedCell;
const launch = (key: string, cells: readonly PlannedCell[]) =>
  ({ key, overhead_ms: 1000, cells }) as unknown as PlannedLaunch;

it('counts the cells of an experiment with the starts of their launches, shared ones in each', () => {
  const launches = [
    launch('a', [cell('1', 10, ['batch', 'input']), cell('2', 20, ['batch'])]),
    launch('b', [cell('3', 40, ['input'])]),
  ];
  const experiments = ['batch', 'input', 'none'].map((id) => ({ id, title: `by ${id}` }));
  const study = { experiments, rounds: { minimum: 5 } } as unknown as Parameters<typeof experimentTimes>[0];
  expect(experimentTimes(study, { launches })).toEqual([
    { id: 'batch', title: 'by batch', cells: 2, round_ms: 1030, minimum_ms: 5150 },
    { id: 'input', title: 'by input', cells: 2, round_ms: 2050, minimum_ms: 10_250 },
    { id: 'none', title: 'by none', cells: 0, round_ms: 0, minimum_ms: 0 },
  ]);
});
