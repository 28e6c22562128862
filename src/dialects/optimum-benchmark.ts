/**
 * optimum-benchmark, scenario `inference` with a logits processor that stamps each call (its PER_TOKEN_BACKENDS).
 * One call is a batch whose sequences advance together; a stamp of the batch is one stamp.
 */
import { mapMaybe, missing } from '../kernel/maybe.ts';
import { mean, sum } from '../stats/moments.ts';
import { type Dialect, rate } from './dialect.ts';
import { type DialectCall, type DialectRun, gaps_ns } from './run.ts';
import { differs, linear, MEAN, MILLISECONDS, POPULATION_DEVIATION, perSecondOf, SECONDS } from './series.ts';

interface Stamps {
  readonly start_ns: number;
  readonly end_ns: number;
  /** Different stamps at which logits reached the host, ascending. */
  readonly logits_ns: readonly number[];
  /** Tokens of the batch after the first of each sequence. */
  readonly decoded: number;
}

function stampsOf({ requests }: DialectCall): Stamps[] {
  if (requests.length === 0) return [];
  const logits_ns = [...new Set(requests.flatMap(({ events }) => events.map(({ ns }) => ns)))].sort(
    (a, b) => a - b,
  );
  return [
    {
      start_ns: Math.min(...requests.map(({ sent_ns }) => sent_ns)),
      end_ns: Math.max(...requests.map(({ end_ns }) => end_ns)),
      logits_ns,
      decoded: sum(requests.map(({ outputTokens }) => outputTokens - 1)),
    },
  ];
}

const calls = (run: DialectRun): Stamps[] => run.calls.flatMap(stampsOf);
const prefills_ns = (run: DialectRun): number[] =>
  calls(run).flatMap(({ start_ns, logits_ns }) => logits_ns.slice(0, 1).map((first) => first - start_ns));
const decodes_ns = (run: DialectRun): number[] =>
  calls(run).flatMap(({ end_ns, logits_ns }) => logits_ns.slice(0, 1).map((first) => end_ns - first));
const perToken_ns = (run: DialectRun): number[] =>
  calls(run).flatMap(({ logits_ns }) =>
    gaps_ns(logits_ns.map((ns) => ({ ns, tokens: 1, kind: 'content' as const }))),
  );

export const optimumBenchmark: Dialect = {
  id: 'optimum-benchmark',
  peer: 'optimum-benchmark',
  source:
    'huggingface/optimum-benchmark, optimum_benchmark/trackers/latency.py at 026ddcdc6093, scenarios/inference/scenario.py at 028631e2b5e3',
  statistics: {
    en: "numpy's: percentiles with linear interpolation; `stdev` with divisor n, `stdev_` the same in percent of the mean.",
    ja: 'numpy と同じ: 線形補間のパーセンタイル。`stdev` は n で割り、`stdev_` は同じものを平均に対する % で。',
  },
  metrics: [
    {
      name: 'prefill.latency.mean',
      definition: 'Start of the generate call to its first logits.',
      formula: 'mean(first logits - start of the call)',
      ...MILLISECONDS,
      relation: differs('ttft', {
        en: "the batch's first logits; ours is the mean of the sequences",
        ja: 'バッチの最初のロジット。Hayasa は系列の平均',
      }),
      compute: (run) => MEAN.compute(prefills_ns(run)),
    },
    {
      name: 'decode.latency.mean',
      definition: 'First logits of the generate call to its return.',
      formula: 'mean(return of the call - first logits)',
      ...SECONDS,
      relation: differs('e2e', {
        en: 'the time to the first token is left out',
        ja: '最初のトークンまでの時間を除く',
      }),
      compute: (run) => MEAN.compute(decodes_ns(run)),
    },
    {
      name: 'decode.throughput',
      definition: 'Tokens of the batch after the first of each sequence over the mean decode latency.',
      formula: 'batch (n - 1) / mean(decode latency)',
      ...perSecondOf('tokens'),
      relation: differs('decode-throughput', {
        en: 'the window ends with the return of the call instead of the last token',
        ja: '区間は最後のトークンではなく呼び出しの戻りで終わる',
      }),
      compute: (run) => {
        const latency = MEAN.compute(decodes_ns(run));
        const volume = mean(calls(run).map(({ decoded }) => decoded));
        if (latency.kind === 'missing' || volume.kind === 'missing')
          return missing({ en: 'no call was made', ja: '呼び出しがありません' });
        return rate(volume.value, latency.value);
      },
    },
    {
      name: 'per_token.latency.mean',
      definition: 'Gaps between calls of the logits processor, pooled.',
      formula: 'mean(gap between logits)',
      ...MILLISECONDS,
      relation: differs('itl', {
        en: 'mean over the steps of the batch instead of the median over its sequences',
        ja: '系列にわたる中央値ではなく、バッチのステップにわたる平均',
      }),
      compute: (run) => MEAN.compute(perToken_ns(run)),
    },
    {
      name: 'per_token.latency.p95',
      definition: 'Gaps between calls of the logits processor, pooled.',
      formula: 'p95(gap between logits)',
      ...MILLISECONDS,
      relation: differs('itl-p95', {
        en: 'printed for any number of steps; ours needs 90',
        ja: 'ステップがいくつでも表示する。Hayasa には 90 個必要',
      }),
      compute: (run) => linear(0.95).compute(perToken_ns(run)),
    },
    {
      name: 'per_token.latency.stdev',
      definition: 'Deviation of the same gaps, with divisor n.',
      formula: 'standard deviation(gap between logits)',
      ...MILLISECONDS,
      relation: {
        kind: 'none',
        difference: {
          en: 'spread over steps, which ours does not print',
          ja: 'ステップのばらつき。Hayasa は表示しない',
        },
      },
      compute: (run) => POPULATION_DEVIATION.compute(perToken_ns(run)),
    },
    {
      name: 'generate.latency.mean',
      definition: 'Start of the generate call to its return.',
      formula: 'mean(return of the call - its start)',
      ...SECONDS,
      relation: differs('e2e', {
        en: "time of the whole call instead of the sequences' mean",
        ja: '系列の平均ではなく、呼び出し全体の時間',
      }),
      compute: (run) =>
        mapMaybe(mean(calls(run).map(({ start_ns, end_ns }) => end_ns - start_ns)), (ns) => ns / 1e9),
    },
  ],
};
