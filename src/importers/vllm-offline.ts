/** `vllm bench latency` and `vllm bench throughput` with `--output-json`. Neither file states its conditions. */

import { z } from 'zod';
import { differs, linear, none } from '../dialects/series.ts';
import { vllm } from '../dialects/vllm.ts';
import type { Words } from '../kernel/language.ts';
import { present } from '../kernel/maybe.ts';
import { hasKeys } from './document.ts';
import type { ImportedValue, Importer } from './imported.ts';
import { amount, check, count } from './schema.ts';
import { declared, statedCount, statedNumber, TIMES, underDialect } from './values.ts';

const latencySchema = z.looseObject({
  avg_latency: amount,
  std_latency: amount.optional(),
  latencies: z.array(amount).min(1),
  percentiles: z.record(z.string().regex(/^\d+(\.\d+)?$/, 'not a percentile'), amount),
});
const CONDITIONS_MISSING: Words = {
  en: 'the file states neither model nor batch size nor lengths',
  ja: 'モデル、バッチサイズ、長さがファイルに書かれていません',
};

const percentile = (name: string) =>
  differs('e2e', {
    en: `${name} of the times of the whole batch instead of the mean of the sequences`,
    ja: `系列の平均ではなく、バッチ全体の時間の ${name}`,
  });

export const vllmLatency: Importer = {
  id: 'vllm-latency',
  peer: vllm.peer,
  summary: 'vllm bench latency --output-json',
  source: 'vllm-project/vllm, vllm/benchmarks/latency.py at 00cae0753b8d',
  recognises: (document) => document.kind === 'json' && hasKeys(document.data, 'avg_latency', 'latencies'),
  read: (document) => {
    const checked = check(latencySchema, document.kind === 'json' ? document.data : undefined);
    if (checked.kind === 'problems') return checked;
    const { avg_latency, std_latency, latencies, percentiles } = checked.value;
    const samples = present(latencies.length);
    const time = (
      name: string,
      value: number | undefined,
      relation: Parameters<typeof declared>[2],
    ): ImportedValue => declared({ name, value: statedNumber(value, 1), samples }, TIMES.seconds, relation);
    const average = underDialect(vllm, { name: 'avg_latency', value: present(avg_latency), samples });
    const median = linear(0.5).compute(latencies.map((s) => s * 1e9));
    const stated = percentiles['50'];
    return {
      kind: 'rows',
      rows: [
        {
          test: '',
          conditions: { other: {} },
          values: [
            ...(average === undefined ? [] : [average]),
            ...(std_latency === undefined
              ? []
              : [
                  time(
                    'std_latency',
                    std_latency,
                    none({
                      en: 'spread over calls in one process; our intervals are over processes',
                      ja: '1 プロセス内の呼び出しのばらつき。Hayasa の区間はプロセスにわたる',
                    }),
                  ),
                ]),
            ...Object.entries(percentiles).map(([p, value]) =>
              time(`p${p}_latency`, value, percentile(`p${p}`)),
            ),
          ],
        },
      ],
      notes: [
        CONDITIONS_MISSING,
        ...(stated !== undefined && median.kind === 'value' && Math.abs(stated - median.value) > 1e-6 * stated
          ? [
              {
                en: `it states a median of ${stated} s, its own latencies have ${median.value} s`,
                ja: `中央値の記載は ${stated} s ですが、自身のレイテンシからは ${median.value} s です`,
              },
            ]
          : []),
      ],
    };
  },
};

const throughputSchema = z.looseObject({
  elapsed_time: amount,
  num_requests: count,
  total_num_tokens: count,
  requests_per_second: amount,
  tokens_per_second: amount,
});

export const vllmThroughput: Importer = {
  id: 'vllm-throughput',
  peer: vllm.peer,
  summary: 'vllm bench throughput --output-json',
  source: 'vllm-project/vllm, vllm/benchmarks/throughput.py at 020283147c84',
  recognises: (document) =>
    document.kind === 'json' && hasKeys(document.data, 'elapsed_time', 'num_requests', 'tokens_per_second'),
  read: (document) => {
    const checked = check(throughputSchema, document.kind === 'json' ? document.data : undefined);
    if (checked.kind === 'problems') return checked;
    const { num_requests, requests_per_second, tokens_per_second } = checked.value;
    const samples = statedCount(num_requests);
    const perSecond = (unit: string) => ({
      storedUnit: `${unit}/s`,
      shown: { unit: `${unit}/s`, scale: 1, digits: 1 },
      better: 'higher' as const,
    });
    return {
      kind: 'rows',
      rows: [
        {
          test: '',
          conditions: { other: { num_requests: String(num_requests) } },
          values: [
            declared(
              { name: 'tokens_per_second', value: present(tokens_per_second), samples },
              perSecond('tokens'),
              differs('throughput', {
                en: 'counts the tokens of the prompts too',
                ja: 'プロンプトのトークンも数える',
              }),
            ),
            declared(
              { name: 'requests_per_second', value: present(requests_per_second), samples },
              perSecond('requests'),
              none({
                en: 'we count tokens, not requests',
                ja: 'Hayasa はリクエストではなくトークンを数える',
              }),
            ),
          ],
        },
      ],
      notes: [
        CONDITIONS_MISSING,
        {
          en: 'prompt and output tokens are not told apart, so that no output throughput can be had',
          ja: 'プロンプトと出力のトークンが区別されていないので、出力のスループットは得られません',
        },
      ],
    };
  },
};
