/**
 * What the run loop adds to a repeat: a study of the simulated engine in-process, on a virtual clock (so that nothing is
 * waited for) and real files (so that the journal is written and made durable as ever). All the time that passes is
 * Hayasa's own: schedule, simulated engine, gate, journal. Printed as one JSON line.
 */
import { join } from 'node:path';
import { hayasaVersion } from '../src/cli/version.ts';
import { ENGINE_DECLARATIONS } from '../src/engines/declarations.ts';
import { realHost } from '../src/host/real-host.ts';
import { virtualClock } from '../src/host/virtual-clock.ts';
import { runStudy } from '../src/run/run-study.ts';

const STUDY = `name: run-loop
models: [tiny]
engines: [{id: sim, precisions: [fp32]}]
axes: {batch: [1, 4], inputTokens: 64, outputTokens: 64}
repeats: {minimum: 100, maximum: 100, window: 1ms}
rounds: {minimum: 50, maximum: 50, confirm: 0}
`;

const { clock, files, network, system } = realHost();
const host = { clock: virtualClock(), files, network, system };
const out = join(system.cacheFolder, 'bench', 'run-loop');
let repeats = 0;
files.remove(out);
const start_ns = clock.monotonic_ns();
const { outcome, failures } = await runStudy(
  host,
  {
    studyText: STUDY,
    studyName: 'run loop',
    declarations: ENGINE_DECLARATIONS,
    hayasaVersion: hayasaVersion(files),
    out,
    budget_ms: undefined,
  },
  (event) => {
    if (event.kind === 'repeat') repeats += 1;
  },
  new AbortController().signal,
);
const seconds = Number(clock.monotonic_ns() - start_ns) / 1e9;
files.remove(out);
const perRepeat_ms = (seconds * 1000) / repeats;
process.stdout.write(`${JSON.stringify({ outcome, failures, repeats, seconds, perRepeat_ms })}\n`);
