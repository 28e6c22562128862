import { describe, expect, it } from 'vitest';
import { supported, totalBytes } from '../engines/declaration.ts';
import { simDeclaration } from '../engines/sim/declaration.ts';
import { sayEnglish } from '../kernel/language.ts';
import { parseStudyOrThrow } from '../study/parse.ts';
import { makePlan } from './make-plan.ts';
import { machine, modelOf, plan, vocabulary } from './test-plan.ts';

describe('launches and blocks', () => {
  it('share a load, serve cells in ascending memory, and form one block while it is short', () => {
    const { launches, blocks } = plan(
      'engines: [{id: sim, precisions: [fp32, w8]}]\naxes: {batch: [16, 1, 4]}',
    );
    expect(
      launches.map(({ identity, cells }) => [identity.precision, ...cells.map(({ cell }) => cell.batch)]),
    ).toEqual([
      ['fp32', 1, 4, 16],
      ['w8', 1, 4, 16],
    ]);
    expect(blocks).toEqual([{ block: 0, launches: launches.map(({ key }) => key) }]);
  });

  it('serve their cells in any order only where the largest leaves as much memory again', () => {
    const [cell] = plan('engines: [sim]\naxes: {batch: 16}').cells;
    const largest = cell === undefined ? 0 : totalBytes(cell.memory);
    expect(largest).toBeGreaterThan(0);
    const anyOrder = (availableMemoryBytes: number) =>
      plan('engines: [sim]\naxes: {batch: [1, 16]}', {
        machine: { ...machine, availableMemoryBytes },
      }).launches.map((launch) => launch.anyOrder);
    expect(anyOrder(2 ** 29 + 2 * largest)).toEqual([true]);
    expect(anyOrder(2 ** 29 + 2 * largest - 1)).toEqual([false]);
  });

  it('split long groups between workloads, so that each comparison stays in one block', () => {
    const { launches, blocks, round_ms, minimum_ms, warnings } = plan(
      'engines: [{id: sim, precisions: [fp32, w8]}, {id: sim, label: b, options: {step_ns: 5}}]\naxes: {batch: 2^0..2^4}\nrepeats: {window: 20s}\nrounds: {minimum: 3}',
    );
    const batches = blocks.map(({ launches: keys }) =>
      keys.map((key) => launches.find((launch) => launch.key === key)?.cells.map(({ cell }) => cell.batch)),
    );
    expect(batches).toEqual([
      [[1], [1], [1]],
      [[2], [2], [2]],
      [[4], [4], [4]],
      [[8], [8], [8]],
      [[16], [16], [16]],
    ]);
    expect(new Set(launches.map(({ key }) => key)).size).toBe(15);
    expect(minimum_ms).toBeCloseTo(3 * round_ms);
    expect(round_ms).toBeGreaterThan(15 * 20_000);
    expect(warnings.map(sayEnglish)).toEqual([]);
  });

  it('that stay long are one warning, which names the longest: a large study had a hundred lines of them', () => {
    const warningsOf = (batch: string) =>
      plan(
        `engines: [{id: sim, precisions: [fp32, w8]}]\naxes: {batch: ${batch}}\nrepeats: {window: 5m}`,
      ).warnings.map(sayEnglish);
    expect(warningsOf('[1, 2]')).toEqual([
      expect.stringMatching(
        /^block \d compares 2 launches over about \d+ minutes \(the longest of 2 such blocks\): /,
      ),
    ]);
    expect(warningsOf('1')).toEqual([expect.stringMatching(/^block 0 compares 2 launches over about \d+/)]);
  });

  it('are as long as the study says: one launch of each engine for all workloads', () => {
    const { launches, blocks } = plan(
      'engines: [{id: sim, precisions: [fp32, w8]}]\naxes: {batch: 2^0..2^4}\nrepeats: {window: 20s}\nrounds: {block: 10m}',
    );
    expect(blocks).toHaveLength(1);
    expect(launches.map(({ cells }) => cells.map(({ cell }) => cell.batch))).toEqual([
      [1, 2, 4, 8, 16],
      [1, 2, 4, 8, 16],
    ]);
  });

  it('keep apart what is not compared: models and thread counts', () => {
    const study = 'name: t\nmodels: [tiny, open-calm-small]\nengines: [sim]\naxes: {threads: [1, 2]}';
    const { blocks } = makePlan({
      study: parseStudyOrThrow(study, vocabulary, 't'),
      models: [modelOf('tiny'), modelOf('open-calm-small')],
      declarations: [{ ...simDeclaration, supports: () => supported }],
      unavailable: {},
      machine,
    });
    expect(blocks).toHaveLength(4);
  });

  it('rank cells by priority first, then by workload', () => {
    const { cells } = plan(
      'engines: [{id: sim, precisions: [fp32, w8]}]\naxes: {batch: [1, 4, 16]}\npriority: [{batch: 16}, {precision: w8}]',
    );
    const byRank = [...cells].sort((a, b) => a.rank - b.rank);
    expect(byRank.map(({ cell }) => `${cell.precision} ${cell.batch}`)).toEqual([
      'fp32 16',
      'w8 16',
      'w8 1',
      'w8 4',
      'fp32 1',
      'fp32 4',
    ]);
  });
});
