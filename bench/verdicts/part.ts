/**
 * How often verdicts are wrong: simulated studies on the virtual clock, from the study file to the verdicts, in kinds of
 * noise that real machines show. Claims come in three sorts:
 * - edge: the margin is the truth itself. Refuted = a true claim was called false; supported = a claim that is false by
 *   as little as one likes was called true. Nothing is harder, so its rate bounds that of every other claim.
 * - true and false by a clear margin: how many are decided, and whether any is decided wrongly.
 * A study counts as wrong where any of its claims is. Noise that drifts one way is counted apart: what a steady drift does
 * between neighbours in a launch cancels only as far as cells change places from round to round.
 */
import { reportInput } from '../../src/cli/reports.ts';
import { simDeclaration } from '../../src/engines/sim/declaration.ts';
import type { Host } from '../../src/host/host.ts';
import { testHost } from '../../src/host/test-host.ts';
import { runFolder } from '../../src/journal/run-folder.ts';
import { buildReport } from '../../src/report/build.ts';
import { runStudy } from '../../src/run/run-study.ts';
import type { Verdict } from '../../src/verdicts/judge.ts';

const STUDIES = 1000;
const DRIFTING_STUDIES = 100;
const FOLDER = '/runs/one';
/** Noise of each simulated study in turn; all have a factor for each launch besides. */
const NOISES = ['white', 'autocorrelated', 'bursts', 'heavy-tailed'] as const;
type Noise = (typeof NOISES)[number] | 'drift';
const NOISE_SCALE: Readonly<Record<Noise, number>> = {
  white: 0.03,
  autocorrelated: 0.03,
  bursts: 0.5,
  drift: 0.2,
  'heavy-tailed': 0.03,
};

/** Fields of claims with their margins: at the truth, clearly true, clearly false. */
const CLAIMS: readonly (readonly [id: string, fields: string, edge: string, holds: string, fails: string])[] =
  [
    ['ratio', 'kind: ratio, of: {engine: a}, to: {engine: b}', 'atLeast: 2', 'atLeast: 1.2', 'atLeast: 4'],
    [
      'ratio-below',
      'kind: ratio, of: {engine: b}, to: {engine: a}',
      'atMost: 0.5',
      'atMost: 0.9',
      'atMost: 0.2',
    ],
    [
      'equal',
      'kind: equal, for: {batch: 1, inputTokens: 20}, of: {engine: a}, to: {engine: b}',
      'within: 1',
      'within: 3',
      'within: 0.2',
    ],
    ['ranking', 'kind: ranking, first: {engine: a}', 'atLeast: 2', 'atLeast: 1', 'atLeast: 4'],
    [
      'trend',
      'kind: trend, for: {inputTokens: 20}, along: batch',
      `atLeast: ${20 / 56 / (5 / 44)}`,
      'atLeast: 2',
      'atMost: 2',
    ],
    [
      'interaction',
      'kind: interaction, for: {inputTokens: 20}, of: {engine: a}, to: {engine: b}, from: {batch: 1}, towards: {batch: 4}',
      'atLeast: 1',
      'atLeast: 0.5',
      'atLeast: 2',
    ],
    [
      'only',
      'kind: only, for: {inputTokens: 20}, who: {engine: a}, along: batch, others: {atMost: 6}',
      `atLeast: ${20 / 56 / (5 / 44)}`,
      'atLeast: 2',
      'atMost: 2',
    ],
    [
      'relative-fall',
      'kind: fall, for: {batch: 1}, who: {engine: a}, along: inputTokens, measure: relative',
      'atLeast: 1',
      'atLeast: 0.5',
      'atLeast: 2',
    ],
    [
      'absolute-fall',
      'kind: fall, for: {batch: 1}, who: {engine: a}, along: inputTokens, measure: absolute',
      'atLeast: 2',
      'atLeast: 0.5',
      'atLeast: 8',
    ],
    [
      'share',
      'kind: share, for: {batch: 1}, part: ttft, whole: e2e, along: inputTokens',
      'atLeast: 1',
      'atLeast: 0.4',
      'atMost: 0.4',
    ],
  ];

const claimText = (id: string, fields: string, margin: string): string =>
  `  - {id: ${id}, claim: said, ${fields}, ${margin}}\n`;

const studyText = (index: number, rounds: number, noise: Noise): string => {
  const options = `noise: ${noise}, noiseScale: ${NOISE_SCALE[noise]}, noisePeriod_ms: 3000, launchScale: 0.03, noiseSeed: ${index}`;
  return `
name: simulated
models: [tiny]
engines:
  - {id: sim, label: a, options: {${options}}}
  - {id: sim, label: b, options: {prefill_ns: 200000, step_ns: 20000000, sequence_ns: 1000000, ${options}}}
defaults: {inputTokens: 20, outputTokens: 5}
axes: {batch: [1, 4], inputTokens: [20, 200]}
rounds: {minimum: ${rounds}, maximum: ${rounds}, confirm: 0}
repeats: {minimum: 1, maximum: 1, window: 1ms}
warmUp: {maximum: 1, tokens: 1}
correctness: {check: false}
seed: ${index}
claims:
${CLAIMS.map(([id, fields, edge, holds, fails]) => claimText(`${id}.edge`, fields, edge) + claimText(`${id}.true`, fields, holds) + claimText(`${id}.false`, fields, fails)).join('')}`;
};

async function verdictsOf(index: number, rounds: number, noise: Noise): Promise<readonly Verdict[]> {
  const host = testHost();
  await runStudy(
    host,
    {
      studyText: studyText(index, rounds, noise),
      studyName: 'simulated',
      declarations: [simDeclaration],
      hayasaVersion: 'bench',
      out: FOLDER,
      budget_ms: undefined,
    },
    () => undefined,
    new AbortController().signal,
  );
  return buildReport(reportInput(host, runFolder(FOLDER))).claims?.verdicts ?? [];
}

type Sort = 'edge' | 'true' | 'false';
const sortOf = ({ id }: Verdict): Sort => (id.split('.').at(-1) ?? '') as Sort;

const isWrong = (verdict: Verdict): boolean => {
  const sort = sortOf(verdict);
  if (sort === 'edge') return verdict.outcome !== 'undecided';
  return verdict.outcome === (sort === 'true' ? 'refuted' : 'supported');
};

/** 1,000 studies of five rounds. @returns rates over studies, and counts by kind of noise and by claim */
export async function benchVerdicts(_host: Host, say: (line: string) => void): Promise<object> {
  const rounds = 5;
  const wrongByNoise: Record<string, number> = Object.fromEntries(NOISES.map((noise) => [noise, 0]));
  const wrongByClaim: Record<string, number> = {};
  let wrongStudies = 0;
  let wrongClear = 0;
  let clear = 0;
  let decided = 0;
  for (let index = 0; index < STUDIES; index += 1) {
    const noise = NOISES[index % NOISES.length] ?? NOISES[0];
    const verdicts = await verdictsOf(index, rounds, noise);
    if (verdicts.length !== 3 * CLAIMS.length)
      throw new RangeError(`study ${index} has ${verdicts.length} verdicts`);
    const wrong = verdicts.filter(isWrong);
    if (wrong.length > 0) {
      wrongStudies += 1;
      wrongByNoise[noise] = (wrongByNoise[noise] ?? 0) + 1;
    }
    for (const { id } of wrong) wrongByClaim[id] = (wrongByClaim[id] ?? 0) + 1;
    const clearOnes = verdicts.filter((verdict) => sortOf(verdict) !== 'edge');
    clear += clearOnes.length;
    decided += clearOnes.filter(({ outcome }) => outcome !== 'undecided').length;
    wrongClear += clearOnes.filter(isWrong).length;
    if ((index + 1) % 100 === 0) say(`  ${index + 1} studies, ${wrongStudies} with a wrong verdict`);
  }
  let wrongDrifting = 0;
  for (let index = 0; index < DRIFTING_STUDIES; index += 1) {
    if ((await verdictsOf(index, rounds, 'drift')).some(isWrong)) wrongDrifting += 1;
  }
  return {
    studies: STUDIES,
    rounds,
    claimsOfAStudy: 3 * CLAIMS.length,
    noises: NOISES,
    wrongStudies,
    shareOfWrongStudies: wrongStudies / STUDIES,
    wrongStudiesByNoise: wrongByNoise,
    wrongByClaim,
    clearClaims: clear,
    shareOfClearClaimsDecided: decided / clear,
    clearClaimsDecidedWrongly: wrongClear,
    driftingStudies: DRIFTING_STUDIES,
    driftingStudiesWrong: wrongDrifting,
  };
}
