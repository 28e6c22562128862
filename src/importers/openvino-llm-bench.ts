/**
 * OpenVINO's llm_bench `-r report.csv`: one line per prompt and iteration, then averages, minima and medians of them, then
 * comments. Iteration 0 is a warm-up. Averages are taken again from the iterations; the file's own are checked.
 * `latency(ms)` is per token with the first one inside; `NA` and an empty field are a value that does not exist.
 */

import { parse } from 'csv-parse/sync';
import type { Dialect } from '../dialects/dialect.ts';
import { differs, same } from '../dialects/series.ts';
import { messageOf, type Problem } from '../kernel/errors.ts';
import type { Words } from '../kernel/language.ts';
import { type Maybe, mapMaybe, missing, present, presentValues } from '../kernel/maybe.ts';
import { mean } from '../stats/moments.ts';
import { parseNumber } from './document.ts';
import type { Document, ImportedRow, ImportedValue, Importer, ReadResult } from './imported.ts';
import { isAmount, limited } from './schema.ts';
import { declared, EXPECTED_NUMBER, MEGABYTES, MISSING, TIMES, without } from './values.ts';

type Relation = Dialect['metrics'][number]['relation'];
type Line = Readonly<Record<string, string>>;

const COLUMNS = [
  'iteration',
  'model',
  '1st_latency(ms)',
  '2nd_avg_latency(ms)',
  'generation_time(s)',
  'prompt_idx',
] as const;
const SUMMARIES: ReadonlySet<string> = new Set(['avg', 'mini', 'median']);

interface Series {
  readonly column: string;
  /** To the stored unit. */
  readonly scale: number;
  readonly units: Parameters<typeof declared>[1];
  readonly relation: Relation;
}

const SERIES: readonly Series[] = [
  {
    column: '1st_latency(ms)',
    scale: 1e-3,
    units: TIMES.milliseconds,
    relation: same('ttft'),
  },
  {
    column: '2nd_avg_latency(ms)',
    scale: 1e-3,
    units: TIMES.milliseconds,
    relation: same('tpot'),
  },
  {
    column: 'latency(ms)',
    scale: 1e-3,
    units: TIMES.milliseconds,
    relation: differs('tpot', {
      en: 'the time to the first token is inside, and the first token is counted',
      ja: '最初のトークンまでの時間を含み、最初のトークンも数える',
    }),
  },
  {
    column: 'generation_time(s)',
    scale: 1,
    units: TIMES.seconds,
    relation: differs('e2e', { en: 'time of the whole call', ja: '呼び出し全体の時間' }),
  },
  {
    column: 'max_rss_mem(MB)',
    scale: 1e6,
    units: MEGABYTES,
    relation: differs('peak-memory', {
      en: 'resident memory polled by a thread',
      ja: 'スレッドが定期的に読む常駐メモリ',
    }),
  },
];

const textOf = (document: Document): string => (document.kind === 'text' ? document.text : '');

export const openvinoLlmBench: Importer = {
  id: 'openvino-llm-bench',
  peer: 'OpenVINO llm_bench',
  summary: 'llm_bench/benchmark.py -r report.csv',
  source: 'openvinotoolkit/openvino.genai, tools/llm_bench/llm_bench_utils/output_csv.py at 06a048552e0f',
  recognises: (document) => {
    const [header = ''] = textOf(document).split('\n', 1);
    return header.startsWith('iteration,') && header.includes('1st_latency(ms)');
  },
  read: (document) => {
    const lines = linesOf(textOf(document));
    if (lines.kind === 'problems') return lines;
    const columns = Object.keys(lines.lines[0] ?? {});
    const absent = COLUMNS.filter((column) => !columns.includes(column));
    if (absent.length > 0) {
      return {
        kind: 'problems',
        problems: absent.map((path) => ({ path, message: MISSING, allowed: A_COLUMN })),
      };
    }
    return readLines(lines.lines);
  },
};

function linesOf(
  text: string,
):
  | { readonly kind: 'lines'; readonly lines: readonly Line[] }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] } {
  try {
    return {
      kind: 'lines',
      lines: parse(text, { columns: true, skip_empty_lines: true, trim: true }) as Line[],
    };
  } catch (error) {
    return {
      kind: 'problems',
      problems: [
        {
          path: '',
          message: { en: `not CSV: ${messageOf(error)}`, ja: `CSV ではありません: ${messageOf(error)}` },
        },
      ],
    };
  }
}

function readLines(lines: readonly Line[]): ReadResult {
  const problems: Problem[] = [];
  const byPrompt = new Map<string, Line[]>();
  const averages = new Map<string, Line>();
  for (const [i, line] of lines.entries()) {
    const iteration = line['iteration'] ?? '';
    const prompt = line['prompt_idx'] ?? '';
    // Comments stand in the first column of lines that are empty otherwise.
    if (prompt === '') continue;
    if (iteration === 'avg') averages.set(prompt, line);
    if (SUMMARIES.has(iteration) || iteration === '0') continue;
    if (!/^\d+$/.test(iteration)) {
      problems.push({
        path: `iteration`,
        message: { en: 'not an iteration', ja: '反復の番号ではありません' },
        value: iteration,
        line: i + 2,
      });
      continue;
    }
    problems.push(...wrongFields(line, i + 2));
    byPrompt.set(prompt, [...(byPrompt.get(prompt) ?? []), line]);
  }
  if (problems.length > 0) return { kind: 'problems', problems: limited(problems) };
  const rows = [...byPrompt].map(([prompt, iterations]) => rowOf(prompt, iterations));
  return {
    kind: 'rows',
    rows,
    notes: [
      ...(rows.length === 0
        ? [
            {
              en: 'no iteration beside the warm-up, which is left out',
              ja: 'ウォームアップのほかに反復がなく、ウォームアップは除きます',
            },
          ]
        : [{ en: 'iteration 0 is a warm-up and left out', ja: '反復 0 はウォームアップなので除きます' }]),
      ...[...byPrompt].flatMap(([prompt, iterations]) =>
        contradictions(prompt, iterations, averages.get(prompt)),
      ),
    ],
  };
}

const A_COLUMN: Words = { en: 'a column', ja: '列' };

const wrongFields = (line: Line, at: number): Problem[] =>
  SERIES.flatMap(({ column }) => {
    const text = line[column] ?? '';
    return text === '' || text === 'NA' || isAmount(parseNumber(text))
      ? []
      : [{ path: column, message: EXPECTED_NUMBER, value: text, line: at }];
  });

function rowOf(prompt: string, iterations: readonly Line[]): ImportedRow {
  const first = iterations[0] ?? {};
  const number = (name: string): number | undefined =>
    /^\d+$/.test(first[name] ?? '') ? Number(first[name]) : undefined;
  const text = (name: string): string | undefined => (first[name] === '' ? undefined : first[name]);
  return {
    test: `prompt ${prompt}`,
    conditions: {
      ...without({
        model: text('model'),
        engine: text('framework'),
        device: text('device'),
        precision: text('precision'),
        batch: number('batch_size'),
        inputTokens: number('input_size'),
        outputTokens: number('output_size'),
      }),
      other: without({ num_beams: text('num_beams'), prompt_idx: prompt }) as Record<string, string>,
    },
    values: SERIES.flatMap((series) => seriesValue(series, iterations)),
  };
}

/** The mean over the iterations, in the stored unit. */
function seriesValue(
  { column, scale, units, relation }: Series,
  iterations: readonly Line[],
): ImportedValue[] {
  if (iterations.every((line) => line[column] === undefined)) return [];
  const values = presentValues(iterations.map((line) => field(line, column)));
  const value =
    values.length === 0
      ? missing({ en: 'NA in every iteration', ja: 'どの反復も NA' })
      : mapMaybe(mean(values), (average) => average * scale);
  return [
    {
      ...declared({ name: column, value, samples: present(values.length) }, units, relation),
      from: 'samples',
    },
  ];
}

const NA: Words = { en: 'NA', ja: 'NA' };

function field(line: Line, column: string): Maybe<number> {
  const text = line[column] ?? '';
  return text === '' || text === 'NA' ? missing(NA) : present(parseNumber(text));
}

function contradictions(prompt: string, iterations: readonly Line[], stated: Line | undefined): Words[] {
  if (stated === undefined) return [];
  return ['1st_latency(ms)', '2nd_avg_latency(ms)', 'generation_time(s)'].flatMap((column) => {
    const own = mean(presentValues(iterations.map((line) => field(line, column))));
    const theirs = field(stated, column);
    return own.kind === 'value' &&
      theirs.kind === 'value' &&
      Math.abs(own.value - theirs.value) > 1e-3 * own.value
      ? [
          {
            en: `prompt ${prompt}, ${column}: it states an average of ${theirs.value}, its iterations have ${own.value}`,
            ja: `プロンプト ${prompt}、${column}: 平均の記載は ${theirs.value} ですが、反復からは ${own.value} です`,
          },
        ]
      : [];
  });
}
