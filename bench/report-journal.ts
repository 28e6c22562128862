/**
 * The journal of a study with many repeats: the simulated engine on a virtual clock, real files. A sample is what one
 * repeat leaves: its raw stamps, one line of the journal. Printed as one JSON line.
 * Arguments: folder of the run, cells (a multiple of 8), rounds, repeats of each launch, new tokens.
 */
import { hayasaVersion } from '../src/cli/version.ts';
import { simDeclaration } from '../src/engines/sim/declaration.ts';
import { realHost } from '../src/host/real-host.ts';
import { virtualClock } from '../src/host/virtual-clock.ts';
import { runStudy } from '../src/run/run-study.ts';

const [out = '', ...numbers] = process.argv.slice(2);
const [cells = 0, rounds = 0, repeats = 0, tokens = 0] = numbers.map(Number);
const inputs = Array.from({ length: cells / 8 }, (_, index) => 16 + 8 * index);

const STUDY = `name: many-samples
models: [tiny]
engines:
  - {id: sim, label: a, precisions: [fp32, w8], options: {noise: white, noiseScale: 0.03, noiseSeed: 1}}
  - {id: sim, label: b, precisions: [fp32, w8], options: {noise: white, noiseScale: 0.03, noiseSeed: 2, step_ns: 9000000}}
axes: {batch: [1, 4], inputTokens: [${inputs.join(', ')}], outputTokens: ${tokens}}
rounds: {minimum: ${rounds}, maximum: ${rounds}, confirm: 0}
repeats: {minimum: ${repeats}, maximum: ${repeats}, window: 1ms}
warmUp: {maximum: 1, tokens: 1}
correctness: {check: false}
claims:
  - {id: faster, claim: a is faster, kind: ratio, of: {engine: a}, to: {engine: b}, atLeast: 1.1}
  - {id: rises, claim: more is faster, kind: trend, for: {inputTokens: 16}, along: batch, atLeast: 1.2}
`;

const { files, network, system } = realHost();
files.remove(out);
const { outcome, failures } = await runStudy(
  { clock: virtualClock(), files, network, system },
  {
    studyText: STUDY,
    studyName: 'many-samples',
    declarations: [simDeclaration],
    hayasaVersion: hayasaVersion(files),
    out,
    budget_ms: undefined,
  },
  () => undefined,
  new AbortController().signal,
);
process.stdout.write(`${JSON.stringify({ outcome, failures, user_s: process.cpuUsage().user / 1e6 })}\n`);
