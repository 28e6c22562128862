/** SemiAnalysis' InferenceX: throughput per GPU against interactivity, from the fields of vLLM's bench. */
import { type Maybe, missing } from '../kernel/maybe.ts';
import { type Dialect, type DialectMetric, rate } from './dialect.ts';
import { type DialectRun, lastEvent_ns, requestsOf, sendingToAnswer_s, totalTokens } from './run.ts';
import { differs, linear, MEAN, perSecondOf, type Statistic } from './series.ts';

const perToken_ns = (run: DialectRun): number[] =>
  requestsOf(run)
    .filter(({ outputTokens }) => outputTokens >= 2)
    .map((request) => (lastEvent_ns(request) - (request.events[0]?.ns ?? 0)) / (request.outputTokens - 1));

const interactivity = (name: string, statistic: Statistic): DialectMetric => ({
  name,
  definition: `Tokens per second that a user sees once they flow: one over the ${statistic.word} TPOT.`,
  formula: `1000 / ${statistic.word}(TPOT in ms)`,
  ...perSecondOf('tokens'),
  relation: differs('tpot', { en: 'its inverse, as a rate', ja: 'その逆数、速さとして' }),
  compute: (run): Maybe<number> => {
    const tpot_s = statistic.compute(perToken_ns(run));
    return tpot_s.kind === 'value' ? rate(1, tpot_s.value) : tpot_s;
  },
});

const perGpu = (name: string, what: string, tokens: (run: DialectRun) => number): DialectMetric => ({
  name,
  definition: `${what} over the time from the first sending to the last answer, per GPU.`,
  formula: `sum(tokens) / (last end - first sent) / GPUs`,
  ...perSecondOf('tokens'),
  relation: differs('throughput', {
    en: 'per GPU, and the window ends with the last answer',
    ja: 'GPU 1 つあたりで、区間は最後の応答で終わる',
  }),
  compute: (run) =>
    run.device === 'cpu'
      ? missing({ en: 'the run used no GPU', ja: 'GPU を使わない実行です' })
      : rate(tokens(run), sendingToAnswer_s(run)),
});

export const inferencex: Dialect = {
  id: 'inferencex',
  peer: 'InferenceX',
  source:
    "SemiAnalysisAI/InferenceX, over vLLM bench's fields (1000 over each TPOT in ms; not read at a revision)",
  statistics: {
    en: "vLLM bench's. A run of ours uses one device, so that the number of GPUs is 1.",
    ja: 'vLLM bench と同じ。Hayasa の実行は装置 1 つなので、GPU の数は 1。',
  },
  metrics: [
    interactivity('median_intvty', linear(0.5)),
    interactivity('mean_intvty', MEAN),
    perGpu('tput_per_gpu', 'Prompt and output tokens', (run) =>
      totalTokens(run, ({ inputTokens, outputTokens }) => inputTokens + outputTokens),
    ),
    perGpu('output_tput_per_gpu', 'Output tokens', (run) =>
      totalTokens(run, ({ outputTokens }) => outputTokens),
    ),
  ],
};
