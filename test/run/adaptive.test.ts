/** Adaptive rounds through the simulated engine on a virtual clock. */
import { describe, expect, it } from 'vitest';
import { simDeclaration } from '../../src/engines/sim/declaration.ts';
import { type TestHost, testHost } from '../../src/host/test-host.ts';
import { repeatCount } from '../../src/journal/packed-repeats.ts';
import { readJournal } from '../../src/journal/read.ts';
import { type JournalState, journalState } from '../../src/journal/state.ts';
import type { Compared } from '../../src/run/repeats.ts';
import { runStudy } from '../../src/run/run-study.ts';

const study = (until: string, more = '') => `
name: adaptive
models: [tiny]
engines:
  - { id: sim, label: fast, options: { noise: white, noiseScale: 0.03, launchScale: 0.01 } }
  - { id: sim, label: near, options: { noise: white, noiseScale: 0.03, launchScale: 0.01, noiseSeed: 1, step_ns: 10100000 } }
  - { id: sim, label: slow, options: { noise: white, noiseScale: 0.03, launchScale: 0.01, noiseSeed: 2, step_ns: 20000000 } }
axes: { batch: 1, inputTokens: 8, outputTokens: 16 }
rounds: { minimum: 3, maximum: 8, confirm: 0, until: ${until} }
repeats: { minimum: 3, maximum: 3, window: 1ms }
${more}`;

async function run(
  text: string,
  host: TestHost = testHost(),
  change: { readonly budget_ms?: number; readonly stopAfter?: number; readonly compared?: Compared } = {},
) {
  const controller = new AbortController();
  let repeats = 0;
  const begin_ns = host.clock.monotonic_ns();
  const { outcome } = await runStudy(
    host,
    {
      studyText: text,
      studyName: 'test.yaml',
      declarations: [simDeclaration],
      hayasaVersion: '0.0.0-test',
      out: '/runs/one',
      budget_ms: change.budget_ms,
      ...(change.compared === undefined ? {} : { compared: change.compared }),
    },
    (event) => {
      if (event.kind === 'repeat') repeats += 1;
      if (repeats === change.stopAfter) controller.abort();
    },
    controller.signal,
  );
  const state = journalState(readJournal(host.files, '/runs/one/journal.ndjson').records);
  return { host, outcome, state, elapsed_ms: Number(host.clock.monotonic_ns() - begin_ns) / 1e6 };
}

/** Launches of each cell, in the order of the cells' first launch in the journal. */
function launchesByCell({ launches }: JournalState): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { cells } of launches)
    for (const cellKey of cells.keys()) counts.set(cellKey, (counts.get(cellKey) ?? 0) + 1);
  return counts;
}

describe('a run with rounds.until', () => {
  it('stops measuring what is decided, and goes on with what is not', async () => {
    const { outcome, state } = await run(study('{ decided: true }'));
    expect(outcome).toBe('complete');
    const counts = [...launchesByCell(state).values()].sort();
    // The slow one is decided early; the near one is not before the maximum, nor is then the fastest.
    expect(counts.slice(1)).toEqual([8, 8]);
    expect(counts[0]).toBeLessThan(6);
    const [slow] = state.settled;
    expect(slow).toMatchObject({ kind: 'cell-settled', why: 'slower', launches: counts[0] });
    expect(launchesByCell(state).get(slow!.cellKey)).toBe(counts[0]);
  });

  it('stops altogether when every interval is narrow enough', async () => {
    const { outcome, state } = await run(study('{ width: 0.1 }'));
    expect(outcome).toBe('complete');
    expect(state.settled.map(({ why }) => why)).toEqual(['narrow', 'narrow', 'narrow']);
    const counts = [...launchesByCell(state).values()];
    expect(Math.max(...counts)).toBeLessThan(8);
    for (const { cellKey, launches } of state.settled) {
      expect(launchesByCell(state).get(cellKey)).toBe(launches);
    }
  });

  it('decides the same after an interruption as without one', async () => {
    const text = study('{ decided: true }')
      .replaceAll('noise: white', 'noise: none')
      .replaceAll('launchScale: 0.01', 'launchScale: 0');
    const whole = await run(text);
    expect(whole.state.settled.map(({ why, launches }) => `${why} ${launches}`)).toEqual([
      'rivals-decided 3',
      'equivalent 3',
      'slower 3',
    ]);
    for (const stopAfter of [4, 13, 26]) {
      const host = testHost();
      expect((await run(text, host, { stopAfter })).outcome).toBe('interrupted');
      const second = await run(text, host);
      expect(second.outcome).toBe('complete');
      expect(second.state.settled).toEqual(whole.state.settled);
      expect(launchesByCell(second.state).get(whole.state.settled[0]!.cellKey)).toBeLessThanOrEqual(4);
    }
  });

  it('chooses the repeats of later launches by what earlier ones said, the same after an interruption', async () => {
    const text = (noise: string, launchScale: number) =>
      study('{ decided: true }', 'repeats: { minimum: 1, maximum: 6, window: 1h }')
        .replace('repeats: { minimum: 3, maximum: 3, window: 1ms }', '')
        .replaceAll('noise: white', `noise: ${noise}`)
        .replaceAll('launchScale: 0.01', `launchScale: ${launchScale}`);
    const chosen = ({ launches }: JournalState) =>
      launches
        .filter(({ outcome }) => outcome === 'complete')
        .map(({ place, started, cells }) => ({
          round: place.round,
          most: Object.values(started.repeatsAtMost ?? {}),
          taken: [...cells.values()].map(({ repeats }) => repeatCount(repeats)),
        }));
    // Repeats that differ ask for all that the study allows, launches that differ alone for two.
    for (const [noise, launchScale, later] of [
      ['white', 0, 6],
      ['none', 0.03, 2],
    ] as const) {
      const { state } = await run(text(noise, launchScale));
      for (const { round, most, taken } of chosen(state)) {
        expect(most).toEqual(taken);
        expect(new Set(most)).toEqual(new Set([round < 3 ? 3 : later]));
      }
    }
    // A run that goes on in its sixth round has not forgotten the first five.
    const host = testHost();
    await run(text('none', 0.03), host, { stopAfter: 45 });
    const before = chosen(journalState(readJournal(host.files, '/runs/one/journal.ndjson').records)).length;
    const after = chosen((await run(text('none', 0.03), host)).state).slice(before);
    expect(after.length).toBeGreaterThan(0);
    expect(new Set(after.flatMap(({ most }) => most))).toEqual(new Set([2]));
  });

  it('chooses repeats by the values that are compared: where these do not differ, two are enough', async () => {
    const text = study('{ decided: true }', 'repeats: { minimum: 1, maximum: 6, window: 1h }')
      .replace('repeats: { minimum: 3, maximum: 3, window: 1ms }', '')
      .replaceAll('launchScale: 0.01', 'launchScale: 0');
    const alike: Compared = {
      groups: [],
      by: {
        kind: 'values',
        valuesOf: () => (_, cell) => Array.from({ length: repeatCount(cell.repeats) }, () => 1),
      },
    };
    const { state } = await run(text, testHost(), { compared: alike });
    for (const { place, started } of state.launches)
      expect(new Set(Object.values(started.repeatsAtMost ?? {}))).toEqual(new Set([place.round < 3 ? 3 : 2]));
  });

  it('leaves every launch the repeats of the study where rounds are not adaptive', async () => {
    const { state } = await run(study('{ decided: true }').replace(', until: { decided: true }', ''));
    expect(state.launches.every(({ started }) => started.repeatsAtMost === undefined)).toBe(true);
  });

  it('keeps to its budget within 5 %, and uses it for what is still open', async () => {
    for (const budget_ms of [4_000, 7_000, 10_000]) {
      const { outcome, elapsed_ms } = await run(study('{ width: 0.0001 }'), testHost(), { budget_ms });
      expect(elapsed_ms).toBeLessThanOrEqual(1.05 * budget_ms);
      expect(outcome === 'complete' || elapsed_ms > 0.8 * budget_ms).toBe(true);
    }
  });
});
