/** Lengths, stamps, repeats, natural stop, depth: the form of a sample. */
import {
  AMPLE_MS,
  always,
  type ContractCase,
  differences,
  expectOk,
  generation,
  judged,
  promptsOf,
} from '../case.ts';
import { sampleProblems } from '../sample-shape.ts';

const COUNT = 12;

export const shapeCases: readonly ContractCase[] = [
  {
    name: 'forced lengths are exact',
    inJapanese: '強制した長さが正確',
    inapplicable: always,
    run: async (bench) => {
      const handle = await bench.loaded('fp32');
      const outputTokens = [1, 9, 4];
      const prompts = promptsOf(6, 6, 6);
      const sample = expectOk(await handle.generate(generation(prompts, 0, { outputTokens })), 'generate');
      return judged([
        ...sampleProblems(sample, [6, 6, 6]),
        ...sample.sequences.flatMap(({ tokens, finish }, index) =>
          tokens.length === outputTokens[index] && finish === 'length'
            ? []
            : [`sequence ${index}: ${tokens.length} tokens (${finish}) instead of ${outputTokens[index]}`],
        ),
      ]);
    },
  },
  {
    name: 'one stamp per step of a static batch',
    inJapanese: '静的バッチのステップごとに時刻が 1 つ',
    inapplicable: always,
    run: async (bench) => {
      const handle = await bench.loaded('fp32');
      const sample = expectOk(await handle.generate(generation(promptsOf(5, 5, 5, 5), COUNT)), 'generate');
      return judged([
        ...sampleProblems(sample, [5, 5, 5, 5]),
        ...(sample.steps_ns.length === COUNT ? [] : [`${sample.steps_ns.length} stamps for ${COUNT} steps`]),
        ...sample.sequences.flatMap(({ computedPadding }, index) =>
          computedPadding === 0 ? [] : [`sequence ${index}: ${computedPadding} positions of padding`],
        ),
      ]);
    },
  },
  {
    name: 'repeats give the same tokens',
    inJapanese: '反復が同じトークンを出す',
    inapplicable: always,
    run: async (bench) => {
      const handle = await bench.loaded('fp32');
      const request = generation(promptsOf(7, 7), COUNT);
      const first = expectOk(await handle.generate(request), 'generate');
      const second = expectOk(await handle.generate(request), 'generate again');
      const tokensOf = (sample: typeof first) => sample.sequences.map(({ tokens }) => tokens);
      return judged(differences('the repeat', tokensOf(second), tokensOf(first)));
    },
  },
  {
    name: 'a profiled generation writes the same tokens, with operators inside the time of its steps',
    inJapanese: 'プロファイルした生成が同じトークンを出し、演算子がステップの時間に収まる',
    inapplicable: ({ capabilities }) => (capabilities.profiler === true ? undefined : 'no profiler'),
    run: async (bench) => {
      const plain = await bench.loaded('fp32');
      const request = generation(promptsOf(7, 7), COUNT);
      const expected = expectOk(await plain.generate(request), 'generate');
      // A profiler may leave the worker without its model: one of its own.
      const handle = await bench.fresh();
      expectOk(await handle.load(bench.loadRequest('fp32'), AMPLE_MS), 'load');
      const sample = expectOk(await handle.generate({ ...request, profile: true }), 'profiled generation');
      const tokensOf = ({ sequences }: typeof sample) => sequences.map(({ tokens }) => tokens);
      const { profile } = sample;
      const wrong = differences('under the profiler', tokensOf(sample), tokensOf(expected));
      if (profile === undefined) return judged([...wrong, 'no profile came']);
      const within_ns = profile.operators.reduce((sum, { time_ns }) => sum + time_ns, 0);
      return judged([
        ...wrong,
        ...(profile.steps === COUNT - 1 ? [] : [`${profile.steps} steps instead of ${COUNT - 1}`]),
        ...(profile.operators.length > 0 ? [] : ['no operator was seen']),
        // Profilers round each kernel to microseconds.
        ...(within_ns <=
        profile.elapsed_ns + 1e3 * profile.operators.reduce((sum, { calls }) => sum + calls, 0)
          ? []
          : [`operators take ${within_ns} ns of ${profile.elapsed_ns} ns`]),
      ]);
    },
  },
  {
    name: 'a natural stop ends with the first end-of-text',
    inJapanese: '自然な停止が最初の終端トークンで終わる',
    inapplicable: ({ capabilities }) => (capabilities.naturalStop ? undefined : 'no natural stop'),
    run: async (bench) => {
      const handle = await bench.loaded('fp32');
      const prompts = promptsOf(6, 6);
      const forced = expectOk(await handle.generate(generation(prompts, COUNT)), 'generate');
      const [first, second] = forced.sequences.map(({ tokens }) => tokens);
      if (first === undefined || second === undefined) return judged(['sequences are missing']);
      // Any token that was written serves as end-of-text: the model does not know.
      const stop = first[4] ?? 0;
      const stopTokens = [stop];
      const sample = expectOk(
        await handle.generate(generation(prompts, COUNT, { stopTokens })),
        'natural stop',
      );
      const cut = (tokens: readonly number[]): readonly number[] => {
        const at = tokens.indexOf(stop);
        return at === -1 ? tokens : tokens.slice(0, at + 1);
      };
      const expected = [cut(first), cut(second)];
      const steps = Math.max(...expected.map(({ length }) => length));
      return judged([
        ...sampleProblems(sample, [6, 6]),
        ...differences(
          'natural stop',
          sample.sequences.map(({ tokens }) => tokens),
          expected,
        ),
        ...sample.sequences.flatMap(({ finish, computedPadding }, index) => {
          const length = expected[index]?.length ?? 0;
          const right = expected[index]?.includes(stop) === true ? 'stop' : 'length';
          return [
            ...(finish === right ? [] : [`sequence ${index}: finish ${finish} instead of ${right}`]),
            ...(computedPadding <= steps - length
              ? []
              : [`sequence ${index}: ${computedPadding} positions of padding, at most ${steps - length}`]),
          ];
        }),
      ]);
    },
  },
  {
    name: 'a generation at a depth is as long and as stamped as any',
    inJapanese: '深さのある生成も、他と同じ長さと時刻を持つ',
    inapplicable: ({ capabilities }) => (capabilities.depth ? undefined : 'no depth'),
    run: async (bench) => {
      const handle = await bench.loaded('fp32');
      const request = generation(promptsOf(4, 4), COUNT, { depthTokens: 40, deadline_ms: AMPLE_MS });
      const sample = expectOk(await handle.generate(request), 'generate at a depth of 40');
      return judged([
        ...sampleProblems(sample, [4, 4]),
        ...sample.sequences.flatMap(({ tokens }, index) =>
          tokens.length === COUNT ? [] : [`sequence ${index}: ${tokens.length} tokens instead of ${COUNT}`],
        ),
      ]);
    },
  },
];
