/** A baseline as a side: its own process, asked line by line. */
import type { Host } from '../../src/host/host.ts';
import { LineSplitter } from '../../src/protocol/lines.ts';
import { answerSchema, type Job } from '../baselines/job.ts';
import { startProgram } from '../child.ts';
import type { Side } from './side.ts';

/** Resolves when it is loaded. @throws with its last words where the process ends early */
export async function baselineSide(host: Host, job: Job): Promise<Side> {
  const child = startProgram(host, 'baseline-child.js', JSON.stringify(job));
  let errors = '';
  child.onStderr((chunk) => {
    errors = (errors + new TextDecoder().decode(chunk)).slice(-2000);
  });
  const lines = new LineSplitter();
  let waiting: ((line: string) => void) | undefined;
  child.channel.onData((chunk) => {
    for (const part of lines.push(chunk)) {
      if (part.kind === 'line') waiting?.(new TextDecoder().decode(part.bytes));
    }
  });
  const ended = child.drained.then(() => {
    throw new Error(`baseline ${job.kind} ended early: ${errors}`);
  });
  ended.catch(() => {});
  const nextLine = () =>
    Promise.race([
      ended,
      new Promise<string>((resolve) => {
        waiting = resolve;
      }),
    ]);
  await nextLine();
  return {
    name: `bare ${job.kind}`,
    pid: child.pid ?? 0,
    generate: async () => {
      const answer = nextLine();
      child.channel.write('\n');
      return answerSchema.parse(JSON.parse(await answer));
    },
    stop: async () => {
      child.signalGroup('SIGTERM');
      await child.exit;
    },
  };
}
