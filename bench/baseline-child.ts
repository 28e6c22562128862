/** The process of one baseline: opens what its argument says (a job as JSON), then one generation for each line it gets. */
import { inheritedChannel } from '../src/host/descriptors.ts';
import { realHost } from '../src/host/real-host.ts';
import { decodeTime_ns, jobSchema } from './baselines/job.ts';
import { openBaseline } from './baselines/open.ts';

const job = jobSchema.parse(JSON.parse(process.argv[2] ?? ''));
const baseline = await openBaseline(realHost(), job);
const channel = inheritedChannel(3);
channel.onClose(() => process.exit(0));
channel.onData(() => {
  void answer();
});
channel.write('\n');

/** An error ends the process, and its text goes to standard error. */
async function answer(): Promise<void> {
  const { steps_ns, tokens } = await baseline();
  channel.write(`${JSON.stringify({ decode_ns: decodeTime_ns(steps_ns, job.output), tokens })}\n`);
}
