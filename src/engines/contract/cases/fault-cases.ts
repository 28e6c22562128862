/** Cancel, deadline, wrong input, no memory: each a value, after which the worker goes on. */

import type { Outcome, WorkerHandle } from '../../../executors/executor.ts';
import { asWords } from '../../../kernel/language.ts';
import type { FailureCause } from '../../../protocol/failure.ts';
import {
  AMPLE_LOAD_MS,
  always,
  type Bench,
  type ContractCase,
  expectOk,
  type Generation,
  generation,
  judged,
  promptsOf,
} from '../case.ts';

/** More slots than any address space holds the keys and values of. */
const IMPOSSIBLE_SLOTS = 2 ** 30;

/** Long enough that no engine finishes it before it is told to stop. */
function longGeneration({ shape }: Bench, changes: Partial<Generation> = {}): Generation {
  const prompts = promptsOf(8, 8, 8, 8);
  return generation(prompts, shape.maximumPositions - 8, changes);
}

function causeProblems(outcome: Outcome<unknown>, allowed: readonly FailureCause[], what: string): string[] {
  if (outcome.kind === 'ok') return [`${what}: accepted`];
  const { cause } = outcome.failure;
  const message = asWords(outcome.failure.message).en;
  return allowed.includes(cause) && message !== ''
    ? []
    : [`${what}: ${cause} (${message}) instead of ${allowed.join(' or ')}`];
}

/** The worker still gives the tokens that it gave before. */
async function stillWorks(handle: WorkerHandle): Promise<string[]> {
  const outcome = await handle.generate(generation(promptsOf(4), 3));
  return outcome.kind === 'ok'
    ? []
    : [`afterwards: ${outcome.failure.cause} (${asWords(outcome.failure.message).en})`];
}

export const faultCases: readonly ContractCase[] = [
  {
    name: 'cancel ends a generation and the worker goes on',
    inJapanese: '取り消しが生成を終わらせ、ワーカーは続く',
    inapplicable: ({ capabilities }) => (capabilities.cancel ? undefined : 'no cancel'),
    run: async (bench) => {
      const handle = await bench.loaded('fp32');
      const running = handle.generate(longGeneration(bench));
      handle.cancel();
      return judged([
        ...causeProblems(await running, ['cancelled'], 'cancel'),
        ...(await stillWorks(handle)),
      ]);
    },
  },
  {
    name: 'a deadline ends a generation',
    inJapanese: '期限が生成を終わらせる',
    inapplicable: ({ capabilities }) => (capabilities.cancel ? undefined : 'no cancel'),
    run: async (bench) => {
      const handle = await bench.loaded('fp32');
      const outcome = await handle.generate(longGeneration(bench, { deadline_ms: 1 }));
      return judged(causeProblems(outcome, ['timeout'], 'a deadline of 1 ms'));
    },
  },
  {
    name: 'a prompt beyond the positions of the model is refused',
    inJapanese: 'モデルの位置を超えるプロンプトを拒む',
    inapplicable: always,
    run: async (bench) => {
      const handle = await bench.loaded('fp32');
      const positions = bench.shape.maximumPositions;
      const tooLong = await handle.generate(generation(promptsOf(positions + 1), 1));
      const tooFar = await handle.generate(generation(promptsOf(4), positions));
      return judged([
        ...causeProblems(tooLong, ['unsupported'], `a prompt of ${positions + 1} tokens`),
        ...causeProblems(tooFar, ['unsupported'], `${positions} tokens after a prompt of 4`),
        ...(await stillWorks(handle)),
      ]);
    },
  },
  {
    name: 'a token outside the vocabulary is refused',
    inJapanese: '語彙の外のトークンを拒む',
    inapplicable: always,
    run: async (bench) => {
      const handle = await bench.loaded('fp32');
      const outcome = await handle.generate(generation([[1, bench.shape.vocabularySize, 2]], 2));
      return judged([
        ...causeProblems(outcome, ['unsupported'], `token ${bench.shape.vocabularySize}`),
        ...(await stillWorks(handle)),
      ]);
    },
  },
  {
    name: 'a checkpoint that is not there is refused',
    inJapanese: '存在しないチェックポイントを拒む',
    inapplicable: always,
    run: async (bench) => {
      const handle = await bench.fresh();
      const request = { ...bench.loadRequest('fp32'), modelPath: bench.scratchFile('no-such-model') };
      return judged(
        causeProblems(await handle.load(request, AMPLE_LOAD_MS), ['bad-checkpoint'], 'no checkpoint'),
      );
    },
  },
  {
    name: 'a load that no memory can hold is a value',
    inJapanese: 'メモリに収まらないロードが失敗という値になる',
    inapplicable: always,
    run: async (bench) => {
      const handle = await bench.fresh();
      const request = bench.loadRequest('fp32');
      const limits = { slots: IMPOSSIBLE_SLOTS, positionsPerSlot: bench.shape.maximumPositions };
      const outcome = await handle.load({ ...request, limits }, AMPLE_LOAD_MS);
      // An engine that reserves nothing at load may accept it, and must then serve what fits.
      if (outcome.kind === 'ok') return judged(await stillWorks(handle));
      return judged(causeProblems(outcome, ['out-of-memory', 'unsupported'], `${IMPOSSIBLE_SLOTS} slots`));
    },
  },
  {
    name: 'a worker says goodbye and leaves nobody behind',
    inJapanese: 'ワーカーが正しく終わり、プロセスを残さない',
    inapplicable: always,
    run: async (bench) => {
      const handle = await bench.fresh();
      expectOk(await handle.load(bench.loadRequest('fp32'), AMPLE_LOAD_MS), 'load');
      const report = await handle.stop();
      return judged([
        ...(report.ended === 'graceful' ? [] : [`it had to be ${report.ended}: ${report.stderrTail}`]),
        ...(Object.keys(report.environment).length > 0 ? [] : ['no facts of its environment at the end']),
      ]);
    },
  },
];
