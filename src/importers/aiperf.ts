/**
 * NVIDIA's aiperf: profile_export_aiperf.json (one object per metric with its unit and statistics) and
 * profile_export.jsonl (one line per request). Requests carry their first token and latency, not each event.
 */
import { z } from 'zod';
import { aiperf } from '../dialects/aiperf.ts';
import type { DialectRequest } from '../dialects/run.ts';
import { differs } from '../dialects/series.ts';
import { missing } from '../kernel/maybe.ts';
import { hasKeys, jsonValues } from './document.ts';
import type { Conditions, ImportedRow, ImportedValue, Importer, ReadResult } from './imported.ts';
import { ownValues } from './own-values.ts';
import { amount, check, checkAll, isAmount } from './schema.ts';
import { declared, facts, statedCount, statedNumber, TIMES, underDialect, without } from './values.ts';

const number = amount.nullish();
const metric = z.looseObject({
  unit: z.string(),
  avg: number,
  p50: number,
  p95: number,
  p99: number,
  count: number,
});
const summarySchema = z.looseObject({
  aiperf_version: z.string().optional(),
  input_config: z.looseObject({}).optional(),
  was_cancelled: z.boolean().optional(),
  request_count: metric.optional(),
  request_latency: metric.optional(),
  time_to_first_token: metric.optional(),
  time_to_first_output_token: metric.optional(),
  time_to_second_token: metric.optional(),
  inter_token_latency: metric.optional(),
  inter_chunk_latency: metric.optional(),
  request_throughput: metric.optional(),
  output_token_throughput: metric.optional(),
  output_token_throughput_per_user: metric.optional(),
  input_sequence_length: metric.optional(),
  output_sequence_length: metric.optional(),
});
type Summary = z.infer<typeof summarySchema>;

const recordSchema = z.looseObject({
  metadata: z.looseObject({
    request_start_ns: z.number().nullish(),
    benchmark_phase: z.string().nullish(),
    was_cancelled: z.boolean().nullish(),
  }),
  metrics: z.record(z.string(), z.looseObject({ value: z.unknown(), unit: z.string() })),
  error: z.unknown().optional(),
});
type RequestRecord = z.infer<typeof recordSchema>;

/** To the stored unit, by the unit that the file states. */
const SCALES: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  ms: 1e-3,
  s: 1,
  sec: 1,
  'tokens/sec': 1,
  'tokens/s': 1,
  'tokens/sec/user': 1,
  'requests/sec': 1,
  'requests/s': 1,
};

/** Metrics of the file with our nearest, where the dialect declares them. */
const METRICS = [
  ['time_to_first_token', 'ttft'],
  ['time_to_first_output_token', 'ttft'],
  ['time_to_second_token', 'itl'],
  ['inter_token_latency', 'tpot'],
  ['inter_chunk_latency', 'itl'],
  ['request_latency', 'e2e'],
  ['output_token_throughput', undefined],
  ['output_token_throughput_per_user', undefined],
  ['request_throughput', undefined],
] as const;

const isRecord = (value: unknown): boolean => hasKeys(value, 'metadata', 'metrics');
const isMetric = (value: unknown): boolean => hasKeys(value, 'unit');

export const aiperfImporter: Importer = {
  id: 'aiperf',
  peer: aiperf.peer,
  summary: 'aiperf profile, profile_export_aiperf.json or profile_export.jsonl',
  source:
    'ai-dynamo/aiperf, src/aiperf/exporters/metrics_json_exporter.py at 047d59dd4bca, src/aiperf/common/models/{export_models,record_models}.py',
  recognises: (document) =>
    jsonValues(document).some(isRecord) ||
    (document.kind === 'json' &&
      ['request_latency', 'request_throughput', 'request_count'].some(
        (name) => hasKeys(document.data, name) && isMetric(document.data[name]),
      )),
  read: (document) => {
    const all = jsonValues(document);
    return all.some(isRecord) ? readRecords(all) : readSummary(all[0]);
  },
};

function readSummary(data: unknown): ReadResult {
  const checked = check(summarySchema, data);
  if (checked.kind === 'problems') return checked;
  const result = checked.value;
  const row: ImportedRow = {
    test: '',
    conditions: conditionsOf(result),
    values: METRICS.flatMap(([name, own]) => stated(result, name, own)),
  };
  return {
    kind: 'rows',
    rows: [row],
    notes: [
      ...(result.was_cancelled === true
        ? [
            {
              en: 'the run was cancelled: values are of what was measured until then',
              ja: '実行は取り消されました: 値はそれまでに測った分です',
            },
          ]
        : []),
      {
        en: 'a summary without its requests: profile_export.jsonl of the same run has them',
        ja: 'リクエストを含まない要約です: 同じ実行の profile_export.jsonl にあります',
      },
    ],
  };
}

function conditionsOf({
  input_config,
  aiperf_version,
  input_sequence_length,
  output_sequence_length,
}: Summary): Conditions {
  const endpoint: unknown = input_config?.['endpoint'];
  const names = hasKeys(endpoint, 'model_names') ? endpoint['model_names'] : undefined;
  const model =
    Array.isArray(names) && names.length === 1 && typeof names[0] === 'string' ? names[0] : undefined;
  const loadgen: unknown = input_config?.['loadgen'];
  return {
    ...without({ model }),
    other: {
      ...facts({ aiperf_version }),
      ...facts({
        'mean input tokens': input_sequence_length?.avg,
        'mean output tokens': output_sequence_length?.avg,
      }),
      ...(hasKeys(loadgen, 'concurrency') ? facts({ concurrency: loadgen['concurrency'] }) : {}),
      ...(hasKeys(loadgen, 'request_rate') ? facts({ request_rate: loadgen['request_rate'] }) : {}),
    },
  };
}

function stated(
  result: Summary,
  name: (typeof METRICS)[number][0],
  own: string | undefined,
): ImportedValue[] {
  const found = result[name];
  if (found === undefined) return [];
  const scale = SCALES[found.unit.toLowerCase()];
  const samples = statedCount(found.count ?? result.request_count?.avg);
  const value = (number_: number | null | undefined) =>
    scale === undefined
      ? missing({
          en: `stated in ${found.unit}, a unit that is not known here`,
          ja: `単位 ${found.unit} で書かれていますが、ここでは未知の単位です`,
        })
      : statedNumber(number_, scale);
  const mean = underDialect(aiperf, { name, value: value(found.avg), samples });
  const percentiles = own === undefined ? [] : (['p50', 'p95', 'p99'] as const);
  return [
    ...(mean === undefined ? [] : [mean]),
    ...percentiles.flatMap((p) => {
      if (found[p] === undefined || found[p] === null) return [];
      const entry = { name: `${name}_${p}`, value: value(found[p]), samples };
      return [
        underDialect(aiperf, entry) ?? declared(entry, TIMES.milliseconds, percentileOf(own ?? name, p)),
      ];
    }),
  ];
}

const percentileOf = (own: string, p: string): ReturnType<typeof differs> =>
  differs(own, {
    en: `${p} of the requests instead of our statistic`,
    ja: `Hayasa の統計量ではなくリクエストの ${p}`,
  });

function readRecords(all: readonly unknown[]): ReadResult {
  const checked = checkAll<RequestRecord>(recordSchema, all, (i) => `line ${i + 1}`);
  if (checked.kind === 'problems') return checked;
  const measured = checked.value.filter(
    ({ metadata, error }) =>
      metadata.benchmark_phase !== 'warmup' &&
      metadata.was_cancelled !== true &&
      (error === undefined || error === null),
  );
  const requests = requestsOf(measured);
  const left = checked.value.length - requests.length;
  return {
    kind: 'rows',
    rows: [{ test: '', conditions: { other: {} }, values: ownValues(requests, 'first-and-last') }],
    notes: [
      { en: 'records of requests state no conditions', ja: 'リクエストの記録には条件が書かれていません' },
      ...(left > 0
        ? [
            {
              en: `${left} of ${checked.value.length} records are warm-up, cancelled, failed or without a first token`,
              ja: `${checked.value.length} 件の記録のうち ${left} 件は、ウォームアップ、取り消し、失敗、または最初のトークンのないものです`,
            },
          ]
        : []),
    ],
  };
}

function requestsOf(records: readonly RequestRecord[]): DialectRequest[] {
  const origin = records.reduce(
    (least, { metadata }) => Math.min(least, metadata.request_start_ns ?? Number.POSITIVE_INFINITY),
    Number.POSITIVE_INFINITY,
  );
  return records.flatMap(({ metadata, metrics }) => {
    const seconds = (name: string): number | undefined => inSeconds(metrics[name]);
    const ttft = seconds('time_to_first_token');
    const latency = seconds('request_latency');
    const outputTokens = tokens(metrics['output_sequence_length']);
    const start = metadata.request_start_ns;
    if (ttft === undefined || latency === undefined || !outputTokens || !isAmount(start)) return [];
    const sent_ns = start - origin;
    const end_ns = sent_ns + latency * 1e9;
    const events = [{ ns: sent_ns + ttft * 1e9, tokens: 1, kind: 'content' as const }];
    if (outputTokens > 1) events.push({ ns: end_ns, tokens: outputTokens - 1, kind: 'content' });
    const inputTokens = tokens(metrics['input_sequence_length']) ?? 0;
    return [{ intended_ns: sent_ns, sent_ns, end_ns, inputTokens, outputTokens, events }];
  });
}

function inSeconds(metric_: RequestRecord['metrics'][string] | undefined): number | undefined {
  const scale = metric_ === undefined ? undefined : SCALES[metric_.unit.toLowerCase()];
  return scale !== undefined && isAmount(metric_?.value) ? metric_.value * scale : undefined;
}

const tokens = (metric_: RequestRecord['metrics'][string] | undefined): number | undefined =>
  isAmount(metric_?.value) ? metric_.value : undefined;
