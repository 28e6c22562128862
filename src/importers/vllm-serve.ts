/**
 * `vllm bench serve --save-result [--save-detailed]`; with `--append-result` one object after the other, each on its
 * line. With details the file has every gap of every request, from which we compute our own metrics.
 */

import { z } from 'zod';
import type { DialectRequest } from '../dialects/run.ts';
import { differs, none } from '../dialects/series.ts';
import { vllm } from '../dialects/vllm.ts';
import type { Words } from '../kernel/language.ts';
import { hasKeys, jsonValues } from './document.ts';
import type { Conditions, ImportedRow, ImportedValue, Importer } from './imported.ts';
import { ownValues } from './own-values.ts';
import { amount, checkAll, count, isAmount } from './schema.ts';
import { declared, facts, statedCount, statedNumber, TIMES, underDialect, without } from './values.ts';

const times = z.array(amount);
const schema = z.looseObject({
  backend: z.string().optional(),
  model_id: z.string().optional(),
  request_rate: z.union([z.number(), z.string()]).optional(),
  burstiness: z.number().optional(),
  max_concurrency: count.nullish(),
  num_prompts: count.optional(),
  duration: amount,
  completed: count,
  failed: count.optional(),
  total_input_tokens: count,
  total_output_tokens: count.optional(),
  request_throughput: amount,
  output_throughput: amount.optional(),
  total_token_throughput: amount.optional(),
  input_lens: z.array(count).optional(),
  output_lens: z.array(count).optional(),
  ttfts: times.optional(),
  itls: z.array(times).optional(),
  start_times: times.optional(),
  errors: z.array(z.string()).optional(),
});
type Result = z.infer<typeof schema>;

/** numpy's mean of nothing is written as 0. */
const ZERO: Words = {
  en: 'vLLM bench writes 0 where it has no value',
  ja: 'vLLM bench は値がないとき 0 と書きます',
};
const STATISTIC = /^(mean|median|std|p[\d.]+)_(ttft|tpot|itl|e2el)_ms$/;
const OWN: Readonly<Record<string, string>> = { ttft: 'ttft', tpot: 'tpot', itl: 'itl', e2el: 'e2e' };

export const vllmServe: Importer = {
  id: 'vllm-serve',
  peer: vllm.peer,
  summary: 'vllm bench serve --save-result, with or without --save-detailed or --append-result',
  source: 'vllm-project/vllm, vllm/benchmarks/serve.py at 009e6d4a1cd6',
  recognises: (document) =>
    jsonValues(document).some((one) => hasKeys(one, 'request_throughput', 'completed', 'duration')),
  read: (document) => {
    const all = jsonValues(document);
    const checked = checkAll<Result>(schema, all, (i) => (all.length === 1 ? '' : `line ${i + 1}`));
    if (checked.kind === 'problems') return checked;
    return {
      kind: 'rows',
      rows: checked.value.map(rowOf),
      notes: checked.value.flatMap(notesOf),
    };
  },
};

function rowOf(result: Result): ImportedRow {
  return {
    test:
      result.max_concurrency === undefined || result.max_concurrency === null
        ? ''
        : `concurrency ${result.max_concurrency}`,
    conditions: conditionsOf(result),
    values: [...statistics(result), ...rates(result), ...ownValues(requestsOf(result), 'every-event')],
  };
}

function conditionsOf(result: Result): Conditions {
  const { backend, model_id, request_rate, burstiness, max_concurrency, num_prompts } = result;
  return {
    ...without({ model: model_id, engine: backend }),
    other: facts({ request_rate, burstiness, max_concurrency, num_prompts }),
  };
}

function statistics(result: Result): ImportedValue[] {
  return Object.entries(result).flatMap(([name, value]) => {
    const [, statistic = '', series = ''] = STATISTIC.exec(name) ?? [];
    if (statistic === '' || typeof value !== 'number' || !isAmount(value)) return [];
    const stated = {
      name,
      value: statedNumber(value, 1e-3, statistic === 'std' ? undefined : ZERO),
      // Gaps are not counted in the file; requests with one token have no TPOT.
      samples:
        series === 'ttft' || series === 'e2el' ? statedCount(result.completed) : statedCount(undefined),
    };
    const known = underDialect(vllm, stated);
    if (known !== undefined) return [known];
    const relation =
      statistic === 'std'
        ? none({
            en: 'spread over requests, which ours gives by intervals',
            ja: 'リクエストのばらつき。Hayasa は区間で示す',
          })
        : differs(
            OWN[series] ?? series,
            series === 'itl'
              ? { en: `${statistic} of the gaps`, ja: `間隔の ${statistic}` }
              : { en: `${statistic} of the requests`, ja: `リクエストの ${statistic}` },
          );
    return [declared(stated, TIMES.milliseconds, relation)];
  });
}

const rates = (result: Result): ImportedValue[] =>
  (['request_throughput', 'output_throughput', 'total_token_throughput'] as const).flatMap((name) => {
    const value = statedNumber(result[name], 1);
    const known = underDialect(vllm, { name, value, samples: statedCount(result.completed) });
    return known === undefined || result[name] === undefined ? [] : [known];
  });

/** Requests with their events, where the file has the details of all of them. Failed ones have no first token. */
function requestsOf({ ttfts, itls, start_times, input_lens, output_lens }: Result): DialectRequest[] {
  if (ttfts === undefined || itls === undefined || start_times === undefined || output_lens === undefined)
    return [];
  if (new Set([ttfts, itls, start_times, output_lens].map(({ length }) => length)).size !== 1) return [];
  const origin = start_times.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY);
  return ttfts.flatMap((ttft, i) => {
    const outputTokens = output_lens[i] ?? 0;
    if (ttft <= 0 || outputTokens === 0) return [];
    const sent_ns = ((start_times[i] ?? origin) - origin) * 1e9;
    let ns = sent_ns + ttft * 1e9;
    const events = [{ ns, tokens: 1, kind: 'content' as const }];
    for (const gap of itls[i] ?? []) {
      ns += gap * 1e9;
      events.push({ ns, tokens: 1, kind: 'content' });
    }
    return [
      { intended_ns: sent_ns, sent_ns, end_ns: ns, inputTokens: input_lens?.[i] ?? 0, outputTokens, events },
    ];
  });
}

function notesOf(result: Result): Words[] {
  const lengths = new Set(
    [result.ttfts, result.itls, result.start_times, result.output_lens].flatMap((one) =>
      one === undefined ? [] : [one.length],
    ),
  );
  return [
    ...((result.failed ?? 0) > 0
      ? [
          {
            en: `${result.failed} requests failed and are in no value`,
            ja: `${result.failed} 件のリクエストが失敗し、どの値にも入っていません`,
          },
        ]
      : []),
    ...(lengths.size > 1
      ? [
          {
            en: 'its lists of requests have different lengths, so that we compute nothing from them',
            ja: 'リクエストの一覧の長さが揃っていないので、そこからは何も計算しません',
          },
        ]
      : []),
    ...(result.ttfts === undefined
      ? [
          {
            en: 'no details of the requests: saved without --save-detailed',
            ja: 'リクエストの詳細がありません: --save-detailed なしで保存されています',
          },
        ]
      : []),
  ];
}
