/** An engine as a side, as a study runs it: worker process, executor, protocol, samples. */
import { engineDeclaration } from '../../src/engines/declarations.ts';
import type { Outcome } from '../../src/executors/executor.ts';
import { createExecutor } from '../../src/executors/registry.ts';
import type { Host } from '../../src/host/host.ts';
import type { LoadRequest } from '../../src/protocol/frames.ts';
import { threadEnvironment } from '../../src/run/launch-request.ts';
import { decodeTime_ns, type Work } from '../baselines/job.ts';
import { barePrompt } from '../baselines/llama-cpp.ts';
import type { Side } from './side.ts';

const DEADLINE_MS = 600_000;

/** Resolves when it is loaded. The prompts are those of the baselines. @throws where the worker fails */
export async function engineSide(host: Host, id: string, work: Work, vocabularySize: number): Promise<Side> {
  const declaration = engineDeclaration(id);
  if (declaration === undefined) throw new RangeError(`unknown engine ${id}`);
  const { batch, input, output, threads, precision, modelPath } = work;
  const handle = ok(
    await createExecutor('local', host).start({
      declaration,
      environment: threadEnvironment(threads),
      startDeadline_ms: DEADLINE_MS,
    }),
  );
  ok(
    await handle.load(
      {
        modelPath,
        precision,
        options: declaration.options.parse({}) as LoadRequest['options'],
        threads,
        device: 'cpu',
        cacheFolder: host.system.cacheFolder,
        limits: { slots: batch, positionsPerSlot: input + output },
      },
      DEADLINE_MS,
    ),
  );
  const prompts = Array.from({ length: batch }, (_, row) => barePrompt(row, input, vocabularySize));
  return {
    name: `engine ${id}`,
    pid: handle.pid ?? 0,
    generate: async () => {
      const sample = ok(
        await handle.generate({
          prompts,
          depthTokens: 0,
          outputTokens: prompts.map(() => output),
          batching: 'static',
          slots: batch,
          stopTokens: [],
          deadline_ms: DEADLINE_MS,
        }),
      );
      return {
        decode_ns: decodeTime_ns(sample.steps_ns, output),
        tokens: sample.sequences.map(({ tokens }) => tokens),
      };
    },
    stop: async () => {
      await handle.stop();
    },
  };
}

function ok<T>(outcome: Outcome<T>): T {
  if (outcome.kind === 'ok') return outcome.value;
  throw new Error(`${outcome.failure.cause}: ${outcome.failure.message} ${outcome.failure.stderrTail ?? ''}`);
}
