import { describe, expect, it } from 'vitest';
import { BASE_CELL } from '../../test/fixtures/synthetic-journal.ts';
import { valueOrThrow } from '../../test/support/local-worker.ts';
import { SIMULATED_LOAD, startSimulated } from '../../test/support/simulated-worker.ts';
import type { Cell } from '../axes/cell.ts';
import { simDeclaration } from '../engines/sim/declaration.ts';
import { greedyTokens } from '../engines/sim/language.ts';
import type { JournalRecord } from '../journal/records.ts';
import { missing } from '../kernel/maybe.ts';
import { openGate } from './gate.ts';
import { referenceNeeds } from './reference.ts';
import { type TimeLimit, timeLimit } from './time-limit.ts';

const VOCABULARY = 50_000;
const PROMPT = [1, 2];
const CELL: Cell = {
  ...BASE_CELL,
  engine: 'sim',
  precision: 'fp32',
  inputTokens: 2,
  outputTokens: 4,
  batch: 1,
};
/** What the gate records of a cell that wrote `tokens`, given in `launches` launches. */
async function records(
  tokens: readonly number[],
  { launches = 1, time = timeLimit(undefined, () => 0) }: { launches?: number; time?: TimeLimit } = {},
): Promise<JournalRecord[]> {
  const { host, executor, handle } = await startSimulated();
  const recorded: JournalRecord[] = [];
  const gateTime = { current: timeLimit(undefined, () => 0) };
  const gate = openGate(() => executor, {
    record: (record) => recorded.push(record),
    folder: '/run',
    onProgress: () => {},
    time: {
      budget_ms: undefined,
      left_ms: () => gateTime.current.left_ms(),
      isUp: () => gateTime.current.isUp(),
      deadline_ms: (own_ms) => gateTime.current.deadline_ms(own_ms),
    },
    signal: new AbortController().signal,
    onFailure: () => {},
    files: host.files,
  });
  await gate.makeReferences({
    model: 'tiny',
    declaration: simDeclaration,
    environment: {},
    load: SIMULATED_LOAD,
    needs: referenceNeeds([CELL]),
    promptsOf: () => [PROMPT],
  });
  gateTime.current = time;
  valueOrThrow(await handle.load(SIMULATED_LOAD, 60_000));
  const scored: number[] = [];
  const counted: typeof handle = {
    ...handle,
    score: (request) => {
      scored.push(1);
      return handle.score(request);
    },
  };
  const cell = {
    cell: CELL,
    cellKey: 'a',
    memoryBytes: 0,
    request: {
      prompts: [PROMPT],
      depthTokens: 0,
      outputTokens: [4],
      batching: 'static' as const,
      slots: 1,
      stopTokens: [],
      deadline_ms: 1000,
    },
  };
  for (let launch = 0; launch < launches; launch += 1) {
    const result = {
      kind: 'measured' as const,
      tokens: [tokens],
      repeats: 1,
      memory: missing({ en: 'not read', ja: '読んでいません' }),
    };
    await gate.afterCell(counted, cell, result, `launch ${launch}`, [cell]);
  }
  expect(scored.length).toBeLessThanOrEqual(1);
  return recorded;
}

const greedy = greedyTokens(PROMPT, 4, VOCABULARY);
const other = greedy.map((token, index) => (index === 2 ? (token + 1) % VOCABULARY : token));
const spent = timeLimit(1, () => 2);

describe('the check of an fp32 cell', () => {
  it('records tokens that are equal, with or without time left', async () => {
    const equal = [
      expect.objectContaining({
        kind: 'agreement',
        method: 'equal-tokens',
        score: { equalPositions: 4, positions: 4 },
      }) as unknown,
    ];
    expect(await records(greedy)).toEqual(equal);
    expect(await records(greedy, { time: spent })).toEqual(equal);
  });

  it('records how far apart the engine holds tokens that differ, and asks it once for all launches', async () => {
    const differences = [{ sequence: 0, position: 2, gap_nats: expect.closeTo(-Math.LN2, 9) as number }];
    const recorded = await records(other, { launches: 2 });
    expect(recorded).toMatchObject([
      { launch: 'launch 0', score: { equalPositions: 2, positions: 4 }, differences },
      { launch: 'launch 1', score: { equalPositions: 2, positions: 4 }, differences },
    ]);
  });

  it('leaves the verdict on tokens that differ to a later launch where the time is up', async () => {
    expect(await records(other, { time: spent })).toEqual([]);
  });
});
