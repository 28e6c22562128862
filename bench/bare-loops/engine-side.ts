/** An engine as a side of a comparison. */
import type { Host } from '../../src/host/host.ts';
import { decodeTime_ns, type Work } from '../baselines/job.ts';
import { loadedEngine } from './loaded-engine.ts';
import type { Side } from './side.ts';

/** Resolves when it is loaded. The prompts are those of the baselines. @throws where the worker fails */
export async function engineSide(host: Host, id: string, work: Work, vocabularySize: number): Promise<Side> {
  const { pid, generate, stop } = await loadedEngine(host, { id }, work, vocabularySize);
  return {
    name: `engine ${id}`,
    pid,
    generate: async () => {
      const sample = await generate();
      return {
        decode_ns: decodeTime_ns(sample.steps_ns, work.output),
        tokens: sample.sequences.map(({ tokens }) => tokens),
      };
    },
    stop,
  };
}
