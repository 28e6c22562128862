/**
 * optimum-benchmark's benchmark_report.json, or benchmark.json, which has the report beside its configuration. Every
 * latency has the values of its calls. Its units are trusted for times only: `generate.throughput` and
 * `prefill.throughput` are written in samples/s whatever they count, so that they are left out.
 */

import { z } from 'zod';
import { optimumBenchmark } from '../dialects/optimum-benchmark.ts';
import { differs, linear, none } from '../dialects/series.ts';
import type { Words } from '../kernel/language.ts';
import { type Maybe, mapMaybe, missing, present } from '../kernel/maybe.ts';
import { mean } from '../stats/moments.ts';
import { hasKeys } from './document.ts';
import type { Conditions, ImportedValue, Importer } from './imported.ts';
import { amount, check, count, isAmount } from './schema.ts';
import {
  declared,
  facts,
  MEGABYTES,
  statedCount,
  statedNumber,
  TIMES,
  underDialect,
  without,
} from './values.ts';

const latency = z.looseObject({
  unit: z.string(),
  values: z.array(amount).optional(),
  count: count.optional(),
  mean: amount,
  p50: amount.optional(),
  p95: amount.optional(),
  p99: amount.optional(),
  stdev: amount.optional(),
});
const target = z
  .looseObject({
    latency: latency.nullish(),
    throughput: z.looseObject({ unit: z.string(), value: amount }).nullish(),
    memory: z.looseObject({ unit: z.string(), max_ram: amount.nullish() }).nullish(),
  })
  .nullish();
const reportSchema = z.looseObject({
  load_model: target,
  load: target,
  generate: target,
  prefill: target,
  decode: target,
  per_token: target,
});
const wholeSchema = z.looseObject({
  config: z.looseObject({}).nullish(),
  report: reportSchema,
});
type Report = z.infer<typeof reportSchema>;
type Latency = z.infer<typeof latency>;

const TARGETS = ['generate', 'prefill', 'decode', 'per_token'] as const;
/** Our nearest metric of each target's latency. */
const NEAREST = { generate: 'e2e', prefill: 'ttft', decode: 'e2e', per_token: 'itl' } as const;

export const optimumBenchmarkImporter: Importer = {
  id: 'optimum-benchmark',
  peer: optimumBenchmark.peer,
  summary: 'optimum-benchmark, benchmark_report.json or benchmark.json',
  source:
    'huggingface/optimum-benchmark, optimum_benchmark/benchmark/report.py at 0a334f2186d5, trackers/latency.py at 026ddcdc6093',
  recognises: (document) =>
    document.kind === 'json' &&
    [document.data, hasKeys(document.data, 'report') ? document.data['report'] : undefined].some((value) =>
      TARGETS.some((name) => hasKeys(value, name) && hasKeys(value[name], 'latency')),
    ),
  read: (document) => {
    const data = document.kind === 'json' ? document.data : undefined;
    const whole = hasKeys(data, 'report') ? data : { report: data };
    const checked = check(wholeSchema, whole);
    if (checked.kind === 'problems') return checked;
    const { config, report } = checked.value;
    return {
      kind: 'rows',
      rows: [
        {
          test: '',
          conditions: config === undefined || config === null ? { other: {} } : conditionsOf(config),
          values: [
            ...TARGETS.flatMap((name) => latencyValues(name, report[name]?.latency ?? undefined)),
            ...decodeThroughput(report),
            ...loadTime(report),
            ...memory(report),
          ],
        },
      ],
      notes: [
        ...(config === undefined || config === null
          ? [
              {
                en: 'the report states no conditions; benchmark.json does',
                ja: 'レポートに条件が書かれていません。benchmark.json にはあります',
              },
            ]
          : []),
        ...TARGETS.flatMap((name) => contradiction(name, report[name]?.latency ?? undefined)),
      ],
    };
  },
};

function conditionsOf(config: Readonly<Record<string, unknown>>): Conditions {
  const backend: unknown = config['backend'];
  const scenario: unknown = config['scenario'];
  const shapes = hasKeys(scenario, 'input_shapes') ? scenario['input_shapes'] : undefined;
  const generate = hasKeys(scenario, 'generate_kwargs') ? scenario['generate_kwargs'] : undefined;
  const text = (from: unknown, key: string): string | undefined =>
    hasKeys(from, key) && typeof from[key] === 'string' ? from[key] : undefined;
  const number = (from: unknown, key: string): number | undefined =>
    hasKeys(from, key) && isAmount(from[key]) ? from[key] : undefined;
  return {
    ...without({
      model: text(backend, 'model'),
      engine: text(backend, 'name'),
      device: text(backend, 'device'),
      precision: text(backend, 'torch_dtype'),
      threads: number(backend, 'intra_op_num_threads'),
      batch: number(shapes, 'batch_size'),
      inputTokens: number(shapes, 'sequence_length'),
      outputTokens: number(generate, 'max_new_tokens'),
    }),
    other: facts({ task: text(backend, 'task'), version: text(backend, 'version') }),
  };
}

function latencyValues(name: (typeof TARGETS)[number], found: Latency | undefined): ImportedValue[] {
  if (found === undefined) return [];
  const samples = statedCount(found.count ?? found.values?.length);
  const units = name === 'prefill' || name === 'per_token' ? TIMES.milliseconds : TIMES.seconds;
  const seconds = (value: number): Maybe<number> =>
    found.unit === 's'
      ? present(value)
      : missing({
          en: `stated in ${found.unit}, a unit that is not known here`,
          ja: `単位 ${found.unit} で書かれていますが、ここでは未知の単位です`,
        });
  return (['mean', 'p50', 'p95', 'p99', 'stdev'] as const).flatMap((statistic) => {
    const value = found[statistic];
    if (value === undefined) return [];
    const entry = { name: `${name}.latency.${statistic}`, value: seconds(value), samples };
    return [
      underDialect(optimumBenchmark, entry) ??
        declared(
          entry,
          units,
          statistic === 'stdev'
            ? none({
                en: 'spread over calls in one process; our intervals are over processes',
                ja: '1 プロセス内の呼び出しのばらつき。Hayasa の区間はプロセスにわたる',
              })
            : differs(NEAREST[name], {
                en: `${statistic} of its ${name} latency`,
                ja: `その ${name} レイテンシの ${statistic}`,
              }),
        ),
    ];
  });
}

function decodeThroughput({ decode }: Report): ImportedValue[] {
  const found = decode?.throughput;
  if (found === undefined || found === null) return [];
  const known = underDialect(optimumBenchmark, {
    name: 'decode.throughput',
    value:
      found.unit === 'tokens/s'
        ? present(found.value)
        : missing({ en: `stated in ${found.unit}`, ja: `単位 ${found.unit} で書かれています` }),
    samples: statedCount(decode?.latency?.count ?? decode?.latency?.values?.length),
  });
  return known === undefined ? [] : [known];
}

function loadTime(report: Report): ImportedValue[] {
  const found = (report.load_model ?? report.load)?.latency;
  if (found === undefined || found === null) return [];
  return [
    declared(
      {
        name: 'load_model.latency.mean',
        value: statedNumber(found.mean, 1),
        samples: statedCount(found.count ?? found.values?.length),
      },
      TIMES.seconds,
      differs('model-load-time', {
        en: 'of its backend object, downloads included where there were any',
        ja: 'そのバックエンドオブジェクトのもの。ダウンロードがあればそれも含む',
      }),
    ),
  ];
}

function memory({ generate, decode }: Report): ImportedValue[] {
  const found = generate?.memory ?? decode?.memory;
  if (found?.max_ram === undefined || found.max_ram === null) return [];
  return [
    declared(
      {
        name: 'generate.memory.max_ram',
        value:
          found.unit === 'MB'
            ? present(found.max_ram * 1e6)
            : missing({ en: `stated in ${found.unit}`, ja: `単位 ${found.unit} で書かれています` }),
        samples: statedCount(undefined),
      },
      MEGABYTES,
      differs('peak-memory', {
        en: 'resident memory polled by another process',
        ja: '別のプロセスが定期的に読む常駐メモリ',
      }),
    ),
  ];
}

/** Where the values of the calls contradict the statistics. */
function contradiction(name: string, found: Latency | undefined): Words[] {
  if (found?.values === undefined || found.values.length === 0) return [];
  const own = mean(found.values);
  const median = mapMaybe(linear(0.5).compute(found.values), (value) => value * 1e9);
  return [
    ...(own.kind === 'value' && Math.abs(own.value - found.mean) > 1e-6 * found.mean
      ? [
          {
            en: `${name}: it states a mean of ${found.mean} s, its values have ${own.value} s`,
            ja: `${name}: 平均の記載は ${found.mean} s ですが、値からは ${own.value} s です`,
          },
        ]
      : []),
    ...(median.kind === 'value' &&
    found.p50 !== undefined &&
    Math.abs(median.value - found.p50) > 1e-6 * found.p50
      ? [
          {
            en: `${name}: it states a median of ${found.p50} s, its values have ${median.value} s`,
            ja: `${name}: 中央値の記載は ${found.p50} s ですが、値からは ${median.value} s です`,
          },
        ]
      : []),
  ];
}
