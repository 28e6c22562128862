/** The loop of llama-bench in a process of its own. `llama-bench-child.js WORK WARMUPS REPEATS`, WORK as JSON; prints times. */
import { realHost } from '../src/host/real-host.ts';
import { workSchema } from './baselines/job.ts';
import { ggufPath } from './baselines/open.ts';
import { llamaBenchLoop } from './fidelity/llama-bench-loop.ts';

const [work = '', warmups, repeats] = process.argv.slice(2);
const host = realHost();
const asked = workSchema.parse(JSON.parse(work));
const times = llamaBenchLoop(
  host,
  { ...asked, ggufPath: ggufPath(host, asked) },
  Number(warmups),
  Number(repeats),
);
process.stdout.write(`${JSON.stringify(times)}\n`);
