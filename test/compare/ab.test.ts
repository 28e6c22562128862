/** `hayasa ab` with the simulated engine: both sides in every block, looks that stop it, exit codes. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { abCommand } from '../../src/cli/commands/ab.ts';
import { compareCommand } from '../../src/cli/commands/compare.ts';
import { packageFolder } from '../../src/cli/version.ts';
import type { ComparisonReport } from '../../src/compare/model.ts';
import { type TestHost, testHost } from '../../src/host/test-host.ts';
import type { JournalRecord } from '../../src/journal/records.ts';
import type { Language } from '../../src/kernel/language.ts';
import { runCommand } from './sim-runs.ts';

const study = `
name: simulated
models: [tiny]
engines:
  - { id: sim, precisions: [fp32], options: { prefill_ns: 0, sequence_ns: 0, noise: white, noiseScale: 0.02, launchScale: 0.02 } }
axes: { batch: [1, 2], inputTokens: 8, outputTokens: 8 }
repeats: { minimum: 1, maximum: 1, window: 1ms }
`;

type Given = Readonly<Record<string, string | true>>;

const hostWith = (text = study): TestHost =>
  testHost({
    files: {
      '/home/test/study.yaml': text,
      [join(packageFolder(), 'package.json')]: '{"version": "0.1.0"}',
    },
  });
const ab = (host: TestHost, given: Given, language: Language = 'en') =>
  runCommand(abCommand, host, ['study.yaml'], { out: 'runs/ab', ...given }, language);
const reportOf = async (host: TestHost, given: Given): Promise<ComparisonReport> =>
  JSON.parse((await ab(host, { ...given, json: true })).out) as ComparisonReport;

const started = (host: TestHost): Extract<JournalRecord, { kind: 'launch-started' }>[] =>
  host.files
    .readText('/home/test/runs/ab/journal.ndjson')
    .split('\n')
    .flatMap((line) => {
      const record = line === '' ? undefined : (JSON.parse(line) as JournalRecord);
      return record?.kind === 'launch-started' ? [record] : [];
    });
const rounds = (host: TestHost): number => Math.max(...started(host).map(({ round }) => round)) + 1;

describe('hayasa ab', () => {
  it('stops at the first look that decides, far before the last, and exits with 10 where B is slower', async () => {
    const host = hostWith();
    const given = { a: 'step_ns=10000000', b: 'step_ns=13000000' };
    expect((await ab(host, given)).code).toBe(10);
    expect(rounds(host)).toBeLessThan(8);
    const report = await reportOf(host, given);
    expect(report.rows.map(({ outcome }) => outcome)).toEqual(['slower', 'slower']);
    for (const { ratio } of report.rows) {
      if (ratio.kind === 'missing' || ratio.value.interval.kind === 'missing') throw new Error('no interval');
      expect(ratio.value.mean).toBeCloseTo(1 / 1.3, 1);
      // Each look is made at a level above 95 %, so that all of them together keep it.
      expect(ratio.value.interval.value.level).toBeGreaterThan(0.975);
    }
  });

  it('leaves a run whose values and later comparisons allow for the looks that ended it', async () => {
    const host = hostWith();
    await ab(host, { a: 'step_ns=10000000', b: 'step_ns=13000000' });
    const later = await runCommand(compareCommand, host, ['runs/ab'], {
      a: 'step_ns=10000000',
      b: 'step_ns=13000000',
      json: true,
    });
    const report = JSON.parse(later.out) as ComparisonReport;
    const printed = await runCommand(compareCommand, host, ['runs/ab'], {
      a: 'step_ns=10000000',
      b: 'step_ns=13000000',
    });
    expect(printed.out).toMatch(/Intervals: 99\.\d\d % \(that of the strictest look/);
    // Without looks it would be 0.95: a run that stops when it pleases finds differences where there are none.
    expect(report.level).toBeGreaterThan(0.98);
    for (const { a } of report.rows)
      expect(a).toMatchObject({ value: { method: { kind: 'repeated-t', firstLook: 3, lastLook: 20 } } });
  });

  it('has both sides in every block, also where threads differ', async () => {
    const host = hostWith();
    await ab(host, { a: 'threads=1', b: 'threads=2', rounds: '3' });
    const blocks = new Map<string, number>();
    for (const { round, block } of started(host)) {
      const key = `${round}/${block}`;
      blocks.set(key, (blocks.get(key) ?? 0) + 1);
    }
    expect([...blocks.values()]).toEqual([2, 2, 2]);
  });

  it('goes on after a budget that decided nothing, and is undecided until then', async () => {
    const host = hostWith();
    const given = { a: 'noiseSeed=1', b: 'noiseSeed=2', margin: '10%' };
    const first = await ab(host, { ...given, budget: '1s' });
    expect(first.code).toBe(11);
    const before = started(host).length;
    expect(before).toBeGreaterThan(0);
    const second = await ab(host, given);
    expect(second.code).toBe(0);
    expect(started(host).length).toBeGreaterThan(before);
    const report = await reportOf(host, given);
    expect(report.rows.map(({ outcome }) => outcome)).toEqual(['equivalent', 'equivalent']);
    // Decided is decided: the same command again measures nothing.
    const after = started(host).length;
    await ab(host, given);
    expect(started(host)).toHaveLength(after);
  });

  it('measures settings that the study does not have, and never mixes the two sides', async () => {
    const host = hostWith();
    const report = await reportOf(host, {
      a: 'precision=fp32,step_ns=10000000',
      b: 'precision=w8,step_ns=40000000',
      rounds: '3',
    });
    expect(report.rows).toHaveLength(2);
    expect(new Set(started(host).flatMap(({ cellKeys }) => cellKeys)).size).toBe(4);
  });

  it('does not go on for a side that cannot run', async () => {
    const host = hostWith();
    const { code } = await ab(host, { a: 'outOfMemoryAbove=8', b: 'outOfMemoryAbove=1', margin: '10%' });
    expect(code).toBe(11);
    expect(rounds(host)).toBeLessThan(12);
  });

  it('starts nothing for settings that are wrong or that nothing pairs', async () => {
    const host = hostWith();
    await expect(ab(host, { a: 'step_ns=fast', b: 'step_ns=1' })).rejects.toMatchObject({
      exitCode: 2,
      problems: [{ path: 'engines[0].options.step_ns[0]' }],
    });
    await expect(ab(host, { a: 'engine=nosuch', b: 'engine=sim' })).rejects.toMatchObject({ exitCode: 2 });
    await expect(ab(host, { a: 'batch=1', b: 'batch=1' })).rejects.toMatchObject({
      code: 'ab/nothing',
      exitCode: 3,
    });
    await expect(ab(host, { a: 'cell=12', b: 'cell=34' })).rejects.toMatchObject({ exitCode: 2 });
    expect(host.files.kind('/home/test/runs/ab')).toBeUndefined();
  });

  it('chooses the repeats of later launches by the metric that it compares, not by throughput', async () => {
    const text = `
name: simulated
models: [tiny]
engines:
  - { id: sim, options: { noise: white, noiseScale: 0.02 } }
axes: { batch: 4, inputTokens: 8, outputTokens: 16 }
repeats: { minimum: 1, maximum: 6, window: 1h }
`;
    const chosen = async (metric: string): Promise<(number | undefined)[][]> => {
      const host = hostWith(text);
      await ab(host, { a: 'noiseSeed=1', b: 'noiseSeed=2', metric, margin: '0.01%', rounds: '5' });
      const all = started(host).map(({ round, repeatsAtMost }) => ({
        round,
        most: Object.values(repeatsAtMost ?? { none: undefined })[0],
      }));
      return [0, 1, 2, 3, 4].map((round) => [
        ...new Set(all.filter((one) => one.round === round).map(({ most }) => most)),
      ]);
    };
    // By how much repeats and launches differ in throughput, from the fourth round on.
    expect(await chosen('throughput')).toEqual([[3], [3], [3], [3], [4]]);
    // One value for a launch, whatever its repeats; and one made from all of them, which three would never give.
    expect(await chosen('load-time')).toEqual([[1], [1], [1], [], []]);
    expect((await chosen('itl-p95'))[0]).toEqual([undefined]);
  });

  it('compares a percentile that needs more repeats than a pilot has, and ends where a metric has no value', async () => {
    const host = hostWith(
      study.replace('{ minimum: 1, maximum: 1, window: 1ms }', '{ minimum: 1, maximum: 13, window: 1h }'),
    );
    const report = await reportOf(host, {
      a: 'step_ns=10000000',
      b: 'step_ns=13000000',
      metric: 'itl-p95',
    });
    expect(report.rows.map(({ outcome }) => outcome)).toEqual(['slower', 'slower']);
    const other = hostWith();
    const { code, out } = await ab(other, { a: 'noiseSeed=1', b: 'noiseSeed=2', metric: 'energy-per-token' });
    expect(code).toBe(11);
    expect(out).toContain('not measurable here: no energy meter is read');
    expect(rounds(other)).toBe(3);
  });

  it('is printed', async () => {
    const host = hostWith();
    const { out } = await ab(host, { a: 'step_ns=10000000', b: 'step_ns=13000000' });
    await expect(out).toMatchFileSnapshot('../golden/compare/ab.txt');
  });

  it('is printed in Japanese', async () => {
    const { out } = await ab(hostWith(), { a: 'step_ns=10000000', b: 'step_ns=13000000' }, 'ja');
    await expect(out).toMatchFileSnapshot('../golden/compare/ab-ja.txt');
  });
});
