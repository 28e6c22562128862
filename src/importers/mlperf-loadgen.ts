/**
 * MLPerf LoadGen: mlperf_log_summary.txt (text for people) and mlperf_log_detail.txt (lines of `:::MLLOG` with JSON).
 * Times are nanoseconds. `result_token_throughput` of the detailed log is tokens per nanosecond under a name that says
 * otherwise; it is left out. Single samples stand in no log but the trace, which is not read.
 */
import { z } from 'zod';
import type { Relation } from '../dialects/dialect.ts';
import { mlperfLoadgen } from '../dialects/mlperf-loadgen.ts';
import { differs, perSecondOf } from '../dialects/series.ts';
import type { Problem } from '../kernel/errors.ts';
import { missing, present } from '../kernel/maybe.ts';
import { parseJson, parseNumber } from './document.ts';
import type { Document, ImportedValue, Importer, ReadResult } from './imported.ts';
import { check, isAmount, limited } from './schema.ts';
import { declared, EXPECTED_NUMBER, MISSING, NOT_STATED, TIMES, underDialect, without } from './values.ts';

const PREFIX = ':::MLLOG ';
const TITLE = 'MLPerf Results Summary';
const textOf = (document: Document): string => (document.kind === 'text' ? document.text : '');

export const mlperfLoadgenImporter: Importer = {
  id: 'mlperf-loadgen',
  peer: mlperfLoadgen.peer,
  summary: 'MLPerf LoadGen, mlperf_log_summary.txt or mlperf_log_detail.txt',
  source:
    'mlcommons/inference, loadgen/results.cc at 05a9cec3596d, and the later wording "Time per Output Token"',
  recognises: (document) => textOf(document).includes(TITLE) || textOf(document).startsWith(PREFIX),
  read: (document) => {
    const text = textOf(document);
    return text.startsWith(PREFIX) ? readDetail(text) : readSummary(text);
  },
};

/** A key of the detailed log with the words of the summary that mean it. */
const TIMES_OF_LOGS: readonly (readonly [key: string, words: string])[] = [
  ['result_mean_latency_ns', 'Mean latency (ns)'],
  ...(['50.00', '90.00', '95.00', '97.00', '99.00', '99.90'] as const).flatMap((p) => [
    [`result_${p}_percentile_latency_ns`, `${p} percentile latency (ns)`] as const,
    [`result_first_token_${p}_percentile_latency_ns`, `${p} percentile first token latency (ns)`] as const,
    [`result_time_per_output_token_${p}_percentile_ns`, `${p} percentile time to output token (ns)`] as const,
  ]),
  ['result_first_token_mean_latency_ns', 'Mean First Token latency (ns)'],
  ['result_time_to_output_token_mean', 'Mean Time to Output Token (ns)'],
  // In later summaries.
  ['result_time_to_output_token_mean', 'Mean Time per Output Token (ns)'],
];
const RATES: readonly (readonly [key: string, words: string, relation: Relation])[] = [
  [
    'Tokens per second',
    'Tokens per second',
    differs('throughput', {
      en: 'the window is the longest latency of any sample',
      ja: '区間はサンプルのうち最も長いレイテンシ',
    }),
  ],
  [
    'Completed tokens per second',
    'Completed tokens per second',
    differs('throughput', {
      en: 'the window runs from the first scheduled time to the last answer',
      ja: '区間は最初の予定時刻から最後の応答まで',
    }),
  ],
];

interface Log {
  readonly scenario: string | undefined;
  readonly mode: string | undefined;
  readonly validity: string | undefined;
  readonly samples: number | undefined;
  readonly system: string | undefined;
  /** By key of the detailed log. */
  readonly numbers: ReadonlyMap<string, number>;
}

function readSummary(text: string): ReadResult {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const at = line.lastIndexOf(':');
    const name = line.slice(0, at).trim().replace(/\s+/g, ' ');
    // Later sections repeat settings under other names; the first of a name is the result.
    if (at > 0 && !fields.has(name)) fields.set(name, line.slice(at + 1).trim());
  }
  const wanted = [...TIMES_OF_LOGS, ...RATES.map(([key, words]) => [key, words] as const)];
  const problems: Problem[] = [];
  const numbers = new Map<string, number>();
  for (const [key, words] of wanted) {
    const stated = fields.get(words);
    if (stated === undefined) continue;
    const value = parseNumber(stated);
    if (!isAmount(value)) {
      problems.push({ path: words, message: EXPECTED_NUMBER, value: stated });
    } else numbers.set(key, value);
  }
  const scenario = fields.get('Scenario');
  if (scenario === undefined) problems.push({ path: 'Scenario', message: MISSING });
  if (problems.length > 0) return { kind: 'problems', problems: limited(problems) };
  return resultOf({
    scenario,
    mode: fields.get('Mode'),
    validity: fields.get('Result is'),
    samples: undefined,
    system: fields.get('SUT name'),
    numbers,
  });
}

const entry = z.looseObject({ key: z.string(), value: z.unknown() });

function readDetail(text: string): ReadResult {
  const problems: Problem[] = [];
  const values = new Map<string, unknown>();
  for (const [i, line] of text.split('\n').entries()) {
    if (!line.startsWith(PREFIX)) continue;
    const parsed = check(entry, jsonOf(line.slice(PREFIX.length)));
    if (parsed.kind === 'problems') {
      problems.push(...parsed.problems.map((one) => ({ ...one, line: i + 1 })));
    } else values.set(parsed.value.key, parsed.value.value);
  }
  const numbers = new Map<string, number>();
  for (const [key] of TIMES_OF_LOGS) {
    const value = values.get(key);
    if (value === undefined) continue;
    if (isAmount(value)) numbers.set(key, value);
    else problems.push({ path: key, message: EXPECTED_NUMBER, value: JSON.stringify(value) ?? '' });
  }
  if (problems.length > 0) return { kind: 'problems', problems: limited(problems) };
  const text_ = (key: string): string | undefined =>
    typeof values.get(key) === 'string' ? (values.get(key) as string) : undefined;
  const queries = values.get('result_query_count');
  return resultOf({
    scenario: text_('effective_scenario') ?? text_('requested_scenario'),
    mode: text_('effective_test_mode') ?? text_('requested_test_mode'),
    validity: text_('result_validity'),
    samples: isAmount(queries) && queries > 0 ? queries : undefined,
    system: text_('sut_name'),
    numbers,
  });
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function resultOf(log: Log): ReadResult {
  const { scenario, mode, validity, system } = log;
  return {
    kind: 'rows',
    rows: [
      {
        test: scenario ?? '',
        conditions: {
          ...without({ engine: system }),
          other: without({ scenario, mode }) as Record<string, string>,
        },
        values: valuesOf(log),
      },
    ],
    notes: [
      ...(validity === undefined || validity === 'VALID'
        ? []
        : [{ en: `LoadGen calls the result ${validity}`, ja: `LoadGen の判定は ${validity} です` }]),
      ...(mode === undefined || /performance/i.test(mode)
        ? []
        : [
            {
              en: `the mode is ${mode}: its times are not a result`,
              ja: `モードは ${mode} です: その時間は結果ではありません`,
            },
          ]),
      {
        en: 'no single samples: they stand in the trace, which is not read',
        ja: '個々のサンプルはありません: トレースにありますが、読みません',
      },
    ],
  };
}

function valuesOf({ numbers, samples }: Log): ImportedValue[] {
  const count = samples === undefined ? missing(NOT_STATED) : present(samples);
  const times = [...new Set(TIMES_OF_LOGS.map(([key]) => key))].flatMap((key) => {
    const ns = numbers.get(key);
    if (ns === undefined) return [];
    const stated = {
      name: key,
      value:
        ns === 0
          ? missing({
              en: 'LoadGen writes 0 where it has no value',
              ja: 'LoadGen は値がないとき 0 と書きます',
            })
          : present(ns / 1e9),
      samples: count,
    };
    return [
      underDialect(mlperfLoadgen, stated) ?? declared(stated, TIMES.milliseconds, percentileRelation(key)),
    ];
  });
  const rates = RATES.flatMap(([key, , relation]) => {
    const value = numbers.get(key);
    return value === undefined
      ? []
      : [declared({ name: key, value: present(value), samples: count }, perSecondOf('tokens'), relation)];
  });
  return [...times, ...rates];
}

const percentileRelation = (key: string): Relation => {
  const p = /[\d.]+/.exec(key)?.[0] ?? '';
  const own = key.includes('first_token')
    ? 'ttft-response'
    : key.includes('output_token')
      ? 'tpot'
      : 'e2e-response';
  return differs(own, {
    en: `element at index floor(${p} % of n) instead of the mean`,
    ja: `平均ではなく floor(n の ${p} %) 番目の値`,
  });
};
