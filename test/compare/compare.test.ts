/** `hayasa compare` over runs of the simulated engine: exact ratios, exit codes, and what a reader sees. */
import { beforeAll, describe, expect, it } from 'vitest';
import { compareCommand } from '../../src/cli/commands/compare.ts';
import type { ComparisonReport } from '../../src/compare/model.ts';
import type { TestHost } from '../../src/host/test-host.ts';
import type { ProblemsError } from '../../src/kernel/errors.ts';
import type { Language } from '../../src/kernel/language.ts';
import { hostWithRuns, runCommand } from './sim-runs.ts';

interface Side {
  readonly step_ns?: number;
  readonly noiseSeed?: number;
  readonly outOfMemoryAbove?: number;
}

/** Two precisions at two batches; 2 % of noise, the machine itself a tenth slower or faster for a while. */
const study = ({ step_ns = 10_000_000, noiseSeed = 1, outOfMemoryAbove = 100 }: Side = {}) => `
name: simulated
models: [tiny]
engines:
  - id: sim
    precisions: [fp32, w8]
    options: { step_ns: ${step_ns}, noise: white, noiseScale: 0.02, noiseSeed: ${noiseSeed}, outOfMemoryAbove: ${outOfMemoryAbove} }
axes: { batch: [1, 4], inputTokens: 8, outputTokens: 8 }
rounds: { minimum: 5, maximum: 5, confirm: 0 }
repeats: { minimum: 2, maximum: 2, window: 1ms }
`;

/** One run with two variants of an engine that differ in nothing but a tenth of speed, on a drifting machine. */
const variants = `
name: variants
models: [tiny]
engines:
  - { id: sim, label: base, options: { step_ns: 11_000_000, sequence_ns: 0, prefill_ns: 0, noise: drift, noiseScale: 0.3 } }
  - { id: sim, label: tuned, options: { step_ns: 10_000_000, sequence_ns: 0, prefill_ns: 0, noise: drift, noiseScale: 0.3 } }
axes: { batch: [1, 4], inputTokens: 8, outputTokens: 8 }
rounds: { minimum: 6, maximum: 6, confirm: 0 }
repeats: { minimum: 1, maximum: 1, window: 1ms }
`.replaceAll('_000', '000');

let host: TestHost;
beforeAll(async () => {
  host = await hostWithRuns({
    before: study(),
    same: study({ noiseSeed: 2 }),
    slower: study({ step_ns: 12_000_000, noiseSeed: 3 }),
    faster: study({ step_ns: 8_000_000, noiseSeed: 4 }),
    failing: study({ noiseSeed: 5, outOfMemoryAbove: 1 }),
    variants,
  });
});

const compare = (
  positionals: readonly string[],
  given: Readonly<Record<string, string | true>> = {},
  language: Language = 'en',
) => runCommand(compareCommand, host, positionals, given, language);
const report = async (...call: Parameters<typeof compare>): Promise<ComparisonReport> =>
  JSON.parse((await compare(call[0], { ...call[1], json: true })).out) as ComparisonReport;

/** Options of the simulated engine that differ by construction. */
const ANY_SIDE = (step_ns: number, noiseSeed: number, outOfMemoryAbove = 100) =>
  `step_ns=${step_ns},noiseSeed=${noiseSeed},outOfMemoryAbove=${outOfMemoryAbove}`;
const A = ANY_SIDE(10_000_000, 1);

describe('hayasa compare', () => {
  it.each([
    ['slower', ANY_SIDE(12_000_000, 3), 10, 'regression', 'slower'],
    ['faster', ANY_SIDE(8_000_000, 4), 0, 'ok', 'faster'],
    ['same', ANY_SIDE(10_000_000, 2), 0, 'ok', 'equivalent'],
  ] as const)('finds %s', async (run, b, code, verdict, outcome) => {
    const margin = { margin: '10%' };
    const result = await compare(['runs/before', `runs/${run}`], { a: A, b, ...margin });
    expect(result.code).toBe(code);
    const data = await report(['runs/before', `runs/${run}`], { a: A, b, ...margin });
    expect(data.verdict).toBe(verdict);
    expect(data.rows.map((row) => row.outcome)).toEqual(Array(4).fill(outcome));
    expect(data.rows.every(({ design }) => design.kind === 'unpaired')).toBe(true);
    expect(data.caveats.map(({ id }) => id)).toContain('not-paired');
  });

  it('is undecided where the margin is finer than the intervals, and where a side failed', async () => {
    const finer = await compare(['runs/before', 'runs/same'], {
      a: A,
      b: ANY_SIDE(10_000_000, 2),
      margin: '0.1%',
    });
    expect(finer.code).toBe(11);
    const failing = await report(['runs/before', 'runs/failing'], { a: A, b: ANY_SIDE(10_000_000, 5, 1) });
    const failed = failing.rows.filter(({ b }) => b.kind === 'missing');
    expect(failed.map(({ label, outcome }) => [label, outcome])).toEqual([
      ['fp32, batch 4', 'undecided'],
      ['w8, batch 4', 'undecided'],
    ]);
    expect(failed[0]?.b).toMatchObject({ reason: expect.stringMatching(/^out-of-memory/) });
    expect([failing.verdict, failing.family]).toEqual(['undecided', 2]);
  });

  it('pairs two sides of one run by block: a drift of 30 % leaves the ratio almost alone', async () => {
    const data = await report(['runs/variants'], { a: 'engine=base', b: 'engine=tuned' });
    expect(data.rows.map(({ label, design }) => [label, design])).toEqual([
      ['batch 1', { kind: 'paired', blocks: 6 }],
      ['batch 4', { kind: 'paired', blocks: 6 }],
    ]);
    for (const { ratio, outcome } of data.rows) {
      expect(ratio).toMatchObject({ value: { mean: expect.closeTo(1.1, 1) } });
      expect(outcome).toBe('faster');
    }
    expect(data.caveats).toEqual([]);
  });

  it('turns the ratio of a metric that is better when lower', async () => {
    const data = await report(['runs/variants'], { a: 'engine=base', b: 'engine=tuned', metric: 'tpot' });
    expect(data.rows[0]?.ratio).toMatchObject({ value: { mean: expect.closeTo(1.1, 1) } });
    expect(data.rows[0]?.outcome).toBe('faster');
  });

  it('compares two cells, whatever differs between them', async () => {
    const all = await report(['runs/variants'], { a: 'engine=base', b: 'engine=tuned' });
    const [first, second] = [all.rows[0]?.cellKeyA ?? '', all.rows[1]?.cellKeyA ?? ''];
    const data = await report(['runs/variants'], {
      a: `cell=${first.slice(0, 8)}`,
      b: `cell=${second.slice(0, 8)}`,
    });
    expect(data.rows).toMatchObject([{ cellKeyA: first, cellKeyB: second, label: 'batch 1 to 4' }]);
  });

  it('knows that the same study at another time is another run', async () => {
    const twice = await hostWithRuns({ one: study(), two: study() });
    const { code, out } = await runCommand(compareCommand, twice, ['runs/one', 'runs/two'], {
      margin: '10%',
      json: true,
    });
    expect(code).toBe(0);
    expect((JSON.parse(out) as ComparisonReport).rows[0]?.design.kind).toBe('unpaired');
  });

  it('names every problem of a selection at once', async () => {
    const wrong = compare(['runs/before'], { a: 'precison=fp32,batch=3', b: 'w8' });
    await expect(wrong).rejects.toMatchObject({
      exitCode: 2,
      problems: [
        { path: '--a precison', didYouMean: 'precision' },
        { path: '--a batch', value: '3', allowed: '1, 4' },
        { path: '--b', message: 'is not a selection' },
      ],
    } satisfies Partial<Record<keyof ProblemsError, unknown>>);
    await expect(compare(['runs/before'])).rejects.toMatchObject({
      problems: [{ message: 'must name different cells of the run' }],
    });
    await expect(compare(['runs/before', 'runs/slower'])).rejects.toMatchObject({
      code: 'compare/nothing',
      exitCode: 2,
    });
    await expect(compare(['runs/none', 'runs/before'])).rejects.toMatchObject({ code: 'file/missing' });
  });

  it.each([
    ['terminal-ja.txt', {}],
    ['summary-ja.md', { markdown: true }],
  ] as const)('is printed in Japanese as %s', async (file, format) => {
    const sides = { a: A, b: ANY_SIDE(10_000_000, 5, 1) };
    const printed = await compare(['runs/before', 'runs/failing'], { ...sides, ...format }, 'ja');
    await expect(printed.out).toMatchFileSnapshot(`../golden/compare/two-runs-${file}`);
    const given = { ...sides, json: true } as const;
    const english = await compare(['runs/before', 'runs/failing'], given);
    expect(await compare(['runs/before', 'runs/failing'], given, 'ja')).toEqual(english);
  });

  it.each([
    ['terminal.txt', {}],
    ['summary.md', { markdown: true }],
  ] as const)('is printed as %s', async (file, format) => {
    const paired = await compare(['runs/variants'], { a: 'engine=base', b: 'engine=tuned', ...format });
    await expect(paired.out).toMatchFileSnapshot(`../golden/compare/paired-${file}`);
    const sides = { a: A, b: ANY_SIDE(10_000_000, 5, 1), ...format };
    const runs = await compare(['runs/before', 'runs/failing'], sides);
    await expect(runs.out).toMatchFileSnapshot(`../golden/compare/two-runs-${file}`);
  });
});
