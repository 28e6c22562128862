import { describe, expect, it } from 'vitest';
import { BASE_CELL, syntheticJournal } from '../../test/fixtures/synthetic-journal.ts';
import { journalState } from '../journal/state.ts';
import { conditions } from './conditions.ts';
import type { ReportEnvironment } from './input.ts';

const environment: ReportEnvironment = {
  machine: { name: 'Example 9000, 2 threads', fingerprint: 'f' },
  device: { en: 'this CPU', ja: 'この CPU' },
  facts: [],
};
const records = syntheticJournal({
  cells: [{ cell: BASE_CELL, prefill_ns: 1, step_ns: 1 }],
  rounds: 3,
  repeats: 1,
});
const PROBE = 'memory read by the probe after each launch';

describe('conditions', () => {
  it('say how far the probes after the launches spread', () => {
    const launches = journalState(records).launches.map(({ launch }) => launch);
    const probed = launches.map((launch, index) => ({
      kind: 'roofs' as const,
      roofs: { memoryReadBytesPerSecond: [20e9, 8e9, 21.25e9][index]!, matrixMultiplyFlops: {}, threads: 2 },
      scope: 'launch' as const,
      launch,
    }));
    const facts = conditions(environment, journalState([...records, ...probed]));
    expect(facts.find(({ name }) => name.en === PROBE)?.value.en).toBe(
      'median 20.0 GB/s, 8.0 to 21.3 over 3 launches',
    );
  });

  it('say nothing of probes that were not made', () => {
    expect(conditions(environment, journalState(records)).map(({ name }) => name.en)).not.toContain(PROBE);
  });
});
