/** Drawn tokens: decided by logits, settings and seed alone. */
import type { Sampling } from '../../../protocol/sampling.ts';
import {
  aloneTokens,
  type ContractCase,
  differences,
  expectOk,
  type Generation,
  generation,
  judged,
  promptsOf,
} from '../case.ts';

const COUNT = 16;
const SAMPLING: Sampling = { temperature: 0.9, topK: 40, topP: 0.95, seed: 0 };

const inapplicable: ContractCase['inapplicable'] = ({ capabilities }) =>
  capabilities.sampling === true ? undefined : 'greedy only';

export const samplingCases: readonly ContractCase[] = [
  {
    name: 'drawn tokens depend on the seed and not on the batch',
    inJapanese: '抽選したトークンがシードにより、バッチによらない',
    inapplicable,
    run: async (bench) => {
      const handle = await bench.loaded('fp32');
      const prompts = promptsOf(6, 6, 6);
      const drawn = async (changes: Partial<Generation>, count = prompts.length) => {
        const request = generation(prompts.slice(0, count), COUNT, { sampling: SAMPLING, ...changes });
        return expectOk(await handle.generate(request), 'drawing').sequences.map(({ tokens }) => tokens);
      };
      const batch = await drawn({});
      const other = await drawn({ sampling: { ...SAMPLING, seed: 1 } });
      return judged([
        ...differences('again', await drawn({}), batch),
        ...differences('in a smaller batch', await drawn({}, 2), batch.slice(0, 2)),
        ...differences('in slots', await drawn({ batching: 'continuous', slots: 2 }), batch),
        ...(JSON.stringify(other) === JSON.stringify(batch) ? ['another seed draws the same tokens'] : []),
      ]);
    },
  },
  {
    name: 'drawing among one token is greedy',
    inJapanese: '1 つのトークンからの抽選は貪欲と同じ',
    inapplicable,
    run: async (bench) => {
      const handle = await bench.loaded('fp32');
      const prompts = promptsOf(7, 4);
      const sampling = { ...SAMPLING, topK: 1 };
      const sample = expectOk(await handle.generate(generation(prompts, COUNT, { sampling })), 'drawing');
      const cold = { ...SAMPLING, topK: 0, topP: 1, temperature: 1e-6 };
      const coldSample = expectOk(
        await handle.generate(generation(prompts, COUNT, { sampling: cold })),
        'a temperature near 0',
      );
      const greedy = await aloneTokens(handle, prompts, COUNT);
      const tokensOf = ({ sequences }: typeof sample) => sequences.map(({ tokens }) => tokens);
      return judged([
        ...differences('top-k 1', tokensOf(sample), greedy),
        ...differences('a temperature near 0', tokensOf(coldSample), greedy),
        ...(sample.sampling_ns === undefined ? ['the time in the sampler is missing'] : []),
      ]);
    },
  },
];
