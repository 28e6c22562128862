/** Which tokens: equal to the reference in fp32, and independent of whoever else is in the batch. */
import {
  AMPLE_MS,
  aloneTokens,
  always,
  type ContractCase,
  differences,
  expectOk,
  generation,
  judged,
  promptsOf,
} from '../case.ts';
import { sampleProblems } from '../sample-shape.ts';

const COUNT = 16;
/** Sizes at which a whole batch is compared with the reference. */
const BATCHES = [4, 16];
const BATCH_PROMPT = 9;

export const equalityCases: readonly ContractCase[] = [
  {
    name: 'greedy tokens equal the reference',
    inJapanese: '貪欲なトークンが参照と等しい',
    inapplicable: always,
    run: async (bench) => {
      const handle = await bench.loaded('fp32');
      const prompts = promptsOf(1, 5, 24);
      const expected = prompts.map((prompt) => bench.reference(prompt, COUNT));
      const problems = differences('fp32', await aloneTokens(handle, prompts, COUNT), expected);
      const largest = Math.max(...BATCHES);
      const batch = promptsOf(...Array.from({ length: largest }, () => BATCH_PROMPT));
      const references = batch.map((prompt) => bench.reference(prompt, COUNT));
      for (const size of BATCHES) {
        const outcome = await handle.generate(generation(batch.slice(0, size), COUNT));
        const tokens = expectOk(outcome, `batch ${size}`).sequences.map((sequence) => sequence.tokens);
        problems.push(...differences(`batch ${size}`, tokens, references.slice(0, size)));
      }
      return judged(problems);
    },
  },
  {
    name: 'a batch equals its sequences alone',
    inJapanese: 'バッチが、その系列を単独で生成したものと等しい',
    inapplicable: always,
    run: async (bench) => {
      const handle = await bench.loaded('fp32');
      const prompts = promptsOf(9, 9, 9, 9);
      const alone = await aloneTokens(handle, prompts, COUNT);
      const sample = expectOk(await handle.generate(generation(prompts, COUNT)), 'the batch');
      return judged(
        differences(
          'in the batch',
          sample.sequences.map(({ tokens }) => tokens),
          alone,
        ),
      );
    },
  },
  {
    name: 'a generation that is watched is the same one',
    inJapanese: '見られている生成も同じもの',
    inapplicable: always,
    run: async (bench) => {
      const handle = await bench.loaded('fp32');
      const prompts = promptsOf(7, 7);
      const streamed = prompts.map((): number[] => []);
      const outcome = await handle.generate(generation(prompts, COUNT, { stream: true }), (tokens) => {
        for (const [sequence, token] of tokens) streamed[sequence]?.push(token);
      });
      const returned = expectOk(outcome, 'the watched batch').sequences.map(({ tokens }) => tokens);
      const unwatched = expectOk(await handle.generate(generation(prompts, COUNT)), 'the batch');
      // Workers in other languages may show nothing; what they show must be what they return.
      const silent = bench.declaration.worker.kind === 'python' && streamed.flat().length === 0;
      return judged([
        ...(silent ? [] : differences('as it was shown', streamed, returned)),
        ...differences(
          'unwatched',
          unwatched.sequences.map(({ tokens }) => tokens),
          returned,
        ),
      ]);
    },
  },
  {
    name: 'ragged prompts equal each alone',
    inJapanese: '長さの違うプロンプトが、それぞれ単独のものと等しい',
    inapplicable: ({ capabilities }) => (capabilities.raggedPrompts ? undefined : 'no ragged prompts'),
    run: async (bench) => {
      const handle = await bench.loaded('fp32');
      const lengths = [3, 17, 8, 1];
      const prompts = promptsOf(...lengths);
      const alone = await aloneTokens(handle, prompts, COUNT);
      const sample = expectOk(await handle.generate(generation(prompts, COUNT)), 'the ragged batch');
      return judged([
        ...sampleProblems(sample, lengths),
        ...differences(
          'in the ragged batch',
          sample.sequences.map(({ tokens }) => tokens),
          alone,
        ),
      ]);
    },
  },
  {
    name: 'continuous batching equals each alone',
    inJapanese: '連続バッチが、それぞれ単独のものと等しい',
    inapplicable: ({ capabilities }) =>
      capabilities.continuousBatching ? undefined : 'no continuous batching',
    run: async (bench) => {
      const handle = await bench.loaded('fp32');
      const lengths = [4, 11, 2, 7, 16];
      const slots = 2;
      const prompts = promptsOf(...lengths);
      const outputTokens = [COUNT, 5, 9, 1, 12];
      const alone = await aloneTokens(handle, prompts, COUNT);
      const request = generation(prompts, 0, { outputTokens, slots, batching: 'continuous' });
      const sample = expectOk(await handle.generate(request), 'continuous batching');
      const busiest = Math.max(
        ...sample.sequences.map(
          ({ sent_ns }) =>
            sample.sequences.filter((other) => other.sent_ns <= sent_ns && sent_ns < other.end_ns).length,
        ),
      );
      return judged([
        ...sampleProblems(sample, lengths),
        ...(busiest <= slots ? [] : [`${busiest} sequences ran at once in ${slots} slots`]),
        ...sample.sequences.flatMap(({ computedPadding }, index) =>
          computedPadding === 0 ? [] : [`sequence ${index}: ${computedPadding} positions of padding`],
        ),
        ...differences(
          'in its slot',
          sample.sequences.map(({ tokens }) => tokens),
          alone.map((tokens, index) => tokens.slice(0, outputTokens[index])),
        ),
      ]);
    },
  },
  {
    name: 'continuous batching ends at natural stops',
    inJapanese: '連続バッチが自然な停止で終わる',
    inapplicable: ({ capabilities }) =>
      capabilities.continuousBatching && capabilities.naturalStop
        ? undefined
        : 'no continuous batching with natural stop',
    run: async (bench) => {
      const handle = await bench.loaded('fp32');
      const lengths = [5, 3, 6];
      const prompts = promptsOf(...lengths);
      const alone = await aloneTokens(handle, prompts, COUNT);
      const stop = alone[0]?.[3] ?? 0;
      const request = generation(prompts, COUNT, { slots: 2, batching: 'continuous', stopTokens: [stop] });
      const sample = expectOk(await handle.generate(request), 'continuous batching with natural stop');
      return judged([
        ...sampleProblems(sample, lengths),
        ...differences(
          'in its slot',
          sample.sequences.map(({ tokens }) => tokens),
          alone.map((tokens) => (tokens.includes(stop) ? tokens.slice(0, tokens.indexOf(stop) + 1) : tokens)),
        ),
      ]);
    },
  },
  {
    name: 'scores against logits',
    inJapanese: 'ロジットに対する採点',
    inapplicable: ({ capabilities }) => (capabilities.logits ? undefined : 'no logits'),
    run: async (bench) => {
      const handle = await bench.loaded('fp32');
      const prompts = promptsOf(6, 3);
      const continuations = prompts.map((prompt) => [...bench.reference(prompt, COUNT)]);
      const path = bench.scratchFile('logits');
      const ask = async (mode: 'write' | 'compare') =>
        expectOk(
          await handle.score({ prompts, continuations, logitsFile: { path, mode }, deadline_ms: AMPLE_MS }),
          `score (${mode})`,
        );
      const written = await ask('write');
      const compared = await ask('compare');
      const positions = COUNT * prompts.length;
      const divergence = compared.meanKlDivergence;
      return judged([
        ...(written.positions === positions
          ? []
          : [`${written.positions} positions instead of ${positions}`]),
        ...(written.equalPositions === positions
          ? []
          : [`${written.equalPositions} of ${positions} positions agree with the reference in fp32`]),
        ...(divergence !== undefined && Math.abs(divergence) < 1e-9
          ? []
          : [`the divergence from its own logits is ${divergence ?? 'missing'} instead of 0`]),
        ...(compared.equalChoices === positions
          ? []
          : [`${compared.equalChoices ?? 'no'} of ${positions} choices equal its own`]),
        ...(compared.logLikelihoods?.length === prompts.length &&
        compared.logLikelihoods.every((likelihood) => Number.isFinite(likelihood) && likelihood < 0)
          ? []
          : [`its log-likelihoods are ${compared.logLikelihoods?.join(', ') ?? 'missing'}`]),
      ]);
    },
  },
];
