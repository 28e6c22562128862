/**
 * llama.cpp's llama-bench, `-o json`, `jsonl` or `sql`. JSON has the samples of each repetition; SQL only means and
 * deviations. The repetitions are made in one process, so that a file is a single run however many there are.
 */

import { z } from 'zod';
import { llamaBench } from '../../dialects/llama-bench.ts';
import { differs, none, perSecondOf, sampleDeviation } from '../../dialects/series.ts';
import type { Words } from '../../kernel/language.ts';
import { presentValue } from '../../kernel/maybe.ts';
import { mean } from '../../stats/moments.ts';
import { hasKeys, jsonValues, parseNumber } from '../document.ts';
import type { Conditions, Document, ImportedRow, ImportedValue, Importer, ReadResult } from '../imported.ts';
import { amount, checkAll, count } from '../schema.ts';
import { declared, facts, statedCount, statedNumber, without } from '../values.ts';
import { insertedRows } from './sql.ts';

const text = z.string().optional();
const schema = z.looseObject({
  build_commit: text,
  cpu_info: text,
  gpu_info: text,
  backends: text,
  model_filename: z.string(),
  model_type: text,
  n_threads: count.optional(),
  n_prompt: count,
  n_gen: count,
  n_depth: count.optional(),
  avg_ts: amount,
  stddev_ts: amount,
  avg_ns: amount.optional(),
  stddev_ns: amount.optional(),
  samples_ns: z.array(amount).optional(),
  samples_ts: z.array(amount).optional(),
});
type Test = z.infer<typeof schema>;

/** Settings that may change a result, beside those that we have words for. */
const SETTINGS = [
  ...[
    'build_commit',
    'cpu_info',
    'gpu_info',
    'backends',
    'model_type',
    'n_batch',
    'n_ubatch',
    'type_k',
    'type_v',
  ],
  ...['n_gpu_layers', 'split_mode', 'flash_attn', 'use_mmap', 'devices', 'no_kv_offload', 'poll', 'cpu_mask'],
] as const;

const isTest = (value: unknown): boolean => hasKeys(value, 'avg_ts', 'n_prompt', 'n_gen');
const tests = (document: Document): readonly unknown[] =>
  jsonValues(document).flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]));

export const llamaBenchImporter: Importer = {
  id: 'llama-bench',
  peer: llamaBench.peer,
  summary: 'llama-bench -o json, -o jsonl or -o sql',
  source: 'ggml-org/llama.cpp, tools/llama-bench/README.md at 08d0baaca674, llama-bench.cpp at 050fc7f32de1',
  recognises: (document) =>
    document.kind === 'text'
      ? /INSERT INTO (llama_bench|test) \(build_commit/.test(document.text)
      : tests(document).some(isTest),
  read: (document) =>
    document.kind === 'text' ? readSql(document.text) : readTests(tests(document), (i) => `[${i}]`),
};

function readTests(data: readonly unknown[], place: (index: number) => string): ReadResult {
  const checked = checkAll<Test>(schema, data, place);
  if (checked.kind === 'problems') return checked;
  return {
    kind: 'rows',
    rows: checked.value.map(rowOf),
    notes: [...checked.value.flatMap(notesOf), ...samplesNote(checked.value)],
  };
}

function readSql(sql: string): ReadResult {
  const inserted = insertedRows(sql);
  const problems = inserted.flatMap((one) =>
    one.kind === 'problem' ? [{ path: '', message: one.message, line: one.line }] : [],
  );
  if (problems.length > 0) return { kind: 'problems', problems };
  const rows = inserted.flatMap((one) => (one.kind === 'row' ? [one] : []));
  return readTests(
    rows.map(({ fields }) =>
      Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, typed(name, value)])),
    ),
    (i) => `line ${rows[i]?.line ?? 0}`,
  );
}

const NUMERIC = /^(n_|avg_|stddev_)/;

/** SQL has every value as text. */
const typed = (name: string, value: string): string | number =>
  NUMERIC.test(name) && Number.isFinite(parseNumber(value)) ? parseNumber(value) : value;

/** `pp512`, `tg128`, `pp512+tg128`, each with `@ d4096` where there is a depth. */
export function testName({
  n_prompt,
  n_gen,
  n_depth = 0,
}: Pick<Test, 'n_prompt' | 'n_gen' | 'n_depth'>): string {
  const parts = [...(n_prompt > 0 ? [`pp${n_prompt}`] : []), ...(n_gen > 0 ? [`tg${n_gen}`] : [])];
  return `${parts.join('+')}${n_depth > 0 ? ` @ d${n_depth}` : ''}`;
}

function rowOf(test: Test): ImportedRow {
  const conditions: Conditions = {
    ...without({ model: test.model_filename.split('/').at(-1), threads: test.n_threads }),
    engine: 'llama.cpp',
    ...without({ depthTokens: test.n_depth }),
    inputTokens: test.n_prompt,
    outputTokens: test.n_gen,
    batch: 1,
    other: facts(Object.fromEntries(SETTINGS.map((name) => [name, test[name]]))),
  };
  return { test: testName(test), conditions, values: valuesOf(test) };
}

function valuesOf(test: Test): ImportedValue[] {
  const kind = test.n_gen === 0 ? 'pp' : test.n_prompt === 0 ? 'tg' : 'pg';
  const samples = statedCount(test.samples_ts?.length ?? test.samples_ns?.length);
  const relation = {
    pp: differs('pp', { en: 'nothing is sampled', ja: 'サンプリングはしない' }),
    tg: differs('tg', {
      en: 'no prompt is in the cache before, and nothing is sampled',
      ja: '事前にキャッシュにプロンプトはなく、サンプリングもしない',
    }),
    pg: differs('throughput', {
      en: 'counts the tokens of the prompts too',
      ja: 'プロンプトのトークンも数える',
    }),
  }[kind];
  const spread = none({
    en: 'spread over repetitions in one process; our intervals are over processes',
    ja: '1 プロセス内の反復のばらつき。Hayasa の区間はプロセスにわたる',
  });
  return [
    declared(
      { name: `${kind}.avg_ts`, value: statedNumber(test.avg_ts, 1), samples },
      perSecondOf('tokens'),
      relation,
    ),
    declared(
      { name: `${kind}.stddev_ts`, value: statedNumber(test.stddev_ts, 1), samples },
      { ...perSecondOf('tokens'), better: 'lower' },
      spread,
    ),
  ];
}

/** Where the file's own samples contradict what it states. */
function notesOf(test: Test): Words[] {
  const { samples_ts, samples_ns, avg_ts, stddev_ns } = test;
  const average = samples_ts === undefined ? undefined : presentValue(mean(samples_ts));
  const deviation = samples_ns === undefined ? undefined : presentValue(sampleDeviation(samples_ns));
  return [
    // Samples are printed with six digits.
    ...(average !== undefined && Math.abs(average - avg_ts) > 1e-3 * avg_ts
      ? [
          {
            en: `${testName(test)}: it states ${avg_ts} tokens/s, its samples have ${average.toFixed(3)}`,
            ja: `${testName(test)}: 記載は ${avg_ts} トークン/秒ですが、サンプルからは ${average.toFixed(3)} です`,
          },
        ]
      : []),
    ...(deviation !== undefined &&
    stddev_ns !== undefined &&
    Math.abs(deviation - stddev_ns) > 0.01 * deviation + 1
      ? [
          {
            en: `${testName(test)}: it states a deviation of ${stddev_ns} ns, its samples have ${Math.round(deviation)}${stddev_ns > 10 * deviation ? ' (integer overflow in its sum of squares)' : ''}`,
            ja: `${testName(test)}: 標準偏差の記載は ${stddev_ns} ns ですが、サンプルからは ${Math.round(deviation)} です${stddev_ns > 10 * deviation ? '（二乗和の整数のあふれ）' : ''}`,
          },
        ]
      : []),
  ];
}

const samplesNote = (all: readonly Test[]): Words[] =>
  all.every(({ samples_ts, samples_ns }) => samples_ts === undefined && samples_ns === undefined)
    ? [
        {
          en: 'no samples of the repetitions: their number is not stated',
          ja: '反復のサンプルがありません: その数も書かれていません',
        },
      ]
    : [];
