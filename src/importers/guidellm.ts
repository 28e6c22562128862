/**
 * guidellm's benchmarks.json: one benchmark per strategy or rate. Requests carry their first and last token, not each
 * of them, so that gaps cannot be had. Files may also be YAML, which is not read here.
 */

import { z } from 'zod';
import { guidellm } from '../dialects/guidellm.ts';
import type { DialectRequest } from '../dialects/run.ts';
import { differs } from '../dialects/series.ts';
import type { Words } from '../kernel/language.ts';
import { hasKeys } from './document.ts';
import type { ImportedRow, ImportedValue, Importer } from './imported.ts';
import { ownValues } from './own-values.ts';
import { amount, check, count } from './schema.ts';
import { declared, facts, statedCount, statedNumber, TIMES, underDialect, without } from './values.ts';

const summary = z.looseObject({
  mean: amount,
  median: amount.optional(),
  count: count.optional(),
  percentiles: z.looseObject({ p95: amount.optional(), p99: amount.optional() }).optional(),
});
const byStatus = z.looseObject({ successful: summary.nullish() });
const moment = z.number().nullish();
const request = z.looseObject({
  prompt_tokens: count.nullish(),
  output_tokens: count.nullish(),
  info: z
    .looseObject({
      timings: z
        .looseObject({
          request_start: moment,
          request_end: moment,
          first_token_iteration: moment,
          last_token_iteration: moment,
        })
        .nullish(),
    })
    .nullish(),
});
const benchmark = z.looseObject({
  config: z.looseObject({ strategy: z.looseObject({ type_: z.string().optional() }).nullish() }).nullish(),
  metrics: z.looseObject({
    request_latency: byStatus.optional(),
    time_to_first_token_ms: byStatus.optional(),
    inter_token_latency_ms: byStatus.optional(),
    time_per_output_token_ms: byStatus.optional(),
    output_tokens_per_second: byStatus.optional(),
    tokens_per_second: byStatus.optional(),
  }),
  requests: z.looseObject({ successful: z.array(request).nullish() }).nullish(),
});
const schema = z.looseObject({
  args: z.looseObject({ target: z.string().nullish(), model: z.string().nullish() }).nullish(),
  benchmarks: z.array(benchmark).min(1),
});
type Benchmark = z.infer<typeof benchmark>;

/** A missing value enters its distributions as 0. */
const ZERO: Words = {
  en: 'guidellm counts a missing value as 0',
  ja: 'guidellm は値がないとき 0 と数えます',
};

/** Metric of the file, what it is in the stored unit, and our nearest metric. */
const SERIES = [
  ['time_to_first_token_ms', 1e-3, 'ttft'],
  ['inter_token_latency_ms', 1e-3, 'tpot'],
  ['time_per_output_token_ms', 1e-3, 'tpot'],
  ['request_latency', 1, 'e2e'],
  ['output_tokens_per_second', 1, undefined],
  ['tokens_per_second', 1, undefined],
] as const;

export const guidellmImporter: Importer = {
  id: 'guidellm',
  peer: guidellm.peer,
  summary: 'guidellm benchmark, benchmarks.json',
  source:
    'vllm-project/guidellm, src/guidellm/benchmark/schemas/generative/{report,benchmark}.py at 03820eba155d, metrics.py at 06cef2910dc1',
  recognises: (document) => document.kind === 'json' && hasKeys(document.data, 'benchmarks'),
  read: (document) => {
    const checked = check(schema, document.kind === 'json' ? document.data : undefined);
    if (checked.kind === 'problems') return checked;
    const { args, benchmarks } = checked.value;
    return {
      kind: 'rows',
      rows: benchmarks.map((one) => rowOf(one, args?.model ?? undefined)),
      notes: benchmarks.some(({ requests }) => (requests?.successful ?? []).length === 0)
        ? [
            {
              en: 'no details of the requests in some benchmark: values are as stated',
              ja: 'リクエストの詳細がないベンチマークがあります: 値は記載のままです',
            },
          ]
        : [],
    };
  },
};

function rowOf(one: Benchmark, model: string | undefined): ImportedRow {
  const strategy = one.config?.strategy ?? {};
  const { type_: kind = '', ...rest } = facts(strategy);
  const details = Object.entries(rest).map(([name, value]) => `${name} ${value}`);
  return {
    test: [kind, ...details].filter((text) => text !== '').join(', '),
    conditions: { ...without({ model }), other: { ...facts({ strategy: kind }), ...rest } },
    values: [
      ...SERIES.flatMap((series) => stated(one, series)),
      ...ownValues(requestsOf(one), 'first-and-last'),
    ],
  };
}

function stated(one: Benchmark, [name, scale, own]: (typeof SERIES)[number]): ImportedValue[] {
  const found = one.metrics[name]?.successful ?? undefined;
  if (found === undefined) return [];
  const samples = statedCount(found.count);
  const statistics = [
    ['mean', found.mean],
    ['median', found.median],
    ['p95', found.percentiles?.p95],
    ['p99', found.percentiles?.p99],
  ] as const;
  return statistics.flatMap(([statistic, value]): ImportedValue[] => {
    if (value === undefined) return [];
    const entry = { name: `${name}.${statistic}`, value: statedNumber(value, scale, ZERO), samples };
    const known = underDialect(guidellm, entry);
    if (known !== undefined) return [known];
    // A percentile of a rate over moments of time has no counterpart.
    if (own === undefined) return [];
    const units = scale === 1 ? TIMES.seconds : TIMES.milliseconds;
    return [
      declared(
        entry,
        units,
        differs(own, {
          en: `${statistic} by its own definition, without interpolation`,
          ja: `独自の定義による ${statistic}、補間なし`,
        }),
      ),
    ];
  });
}

/** Requests whose first and last token are stamped; the first event has one token, the last the rest. */
function requestsOf({ requests }: Benchmark): DialectRequest[] {
  const timed = (requests?.successful ?? []).flatMap(({ info, prompt_tokens, output_tokens }) => {
    const { request_start, request_end, first_token_iteration, last_token_iteration } = info?.timings ?? {};
    if (typeof request_start !== 'number' || typeof first_token_iteration !== 'number') return [];
    if (typeof last_token_iteration !== 'number' || !output_tokens) return [];
    return [
      {
        start: request_start,
        first: first_token_iteration,
        last: last_token_iteration,
        end: request_end ?? last_token_iteration,
        inputTokens: prompt_tokens ?? 0,
        outputTokens: output_tokens,
      },
    ];
  });
  const origin = timed.reduce((least, { start }) => Math.min(least, start), Number.POSITIVE_INFINITY);
  return timed.map(({ start, first, last, end, inputTokens, outputTokens }) => {
    const ns = (seconds: number): number => (seconds - origin) * 1e9;
    const events = [{ ns: ns(first), tokens: 1, kind: 'content' as const }];
    if (outputTokens > 1) events.push({ ns: ns(last), tokens: outputTokens - 1, kind: 'content' });
    return { intended_ns: ns(start), sent_ns: ns(start), end_ns: ns(end), inputTokens, outputTokens, events };
  });
}
