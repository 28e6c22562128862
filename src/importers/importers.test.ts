import { describe, expect, it } from 'vitest';
import { realHost } from '../host/real-host.ts';
import { problemTexts } from '../kernel/errors.ts';
import { sayEnglish } from '../kernel/language.ts';
import { presentValue } from '../kernel/maybe.ts';
import { importText } from './import-text.ts';
import type { ImportedFile, ImportedValue } from './imported.ts';
import { IMPORTERS } from './registry.ts';
import { importedRuns } from './runs.ts';

const { files } = realHost();
const folder = new URL('./fixtures/', import.meta.url).pathname;
const FIXTURES: readonly string[] = files.list(folder);
const fixture = (name: string): string => files.readText(`${folder}${name}`);

function imported(name: string, text: string = fixture(name), format = 'auto'): ImportedFile {
  const result = importText(text, name, format);
  if (result.kind === 'problems') throw new Error(JSON.stringify(result.problems));
  return result.imported;
}

function problemsOf(text: string, format = 'auto'): string[] {
  const result = importText(text, 'x', format);
  return result.kind === 'problems'
    ? problemTexts('en', result.problems).map(({ path, message, line }) =>
        [line, path, message].filter((one) => one !== undefined && one !== '').join(' '),
      )
    : [];
}

const valuesOf = (file: ImportedFile, row = 0): ReadonlyMap<string, ImportedValue> =>
  new Map(file.rows[row]?.values.map((value) => [value.name, value]));
const numberOf = (file: ImportedFile, name: string, row = 0): number | undefined => {
  const value = valuesOf(file, row).get(name);
  return value === undefined ? undefined : presentValue(value.value);
};

describe('fixtures', () => {
  it('are there for every format, each recognised as its own by exactly one', () => {
    const formats = FIXTURES.map((name) => imported(name).format);
    expect([...new Set(formats)].sort()).toEqual(IMPORTERS.map(({ id }) => id).sort());
  });

  it.each(FIXTURES)('%s: only finite values in the stored unit, or a reason', (name) => {
    for (const { values } of imported(name).rows) {
      expect(new Set(values.map((value) => value.name)).size).toBe(values.length);
      for (const { value, samples, shown } of values) {
        if (value.kind === 'value') expect(value.value).toBeGreaterThanOrEqual(0);
        else expect(value.reason.en).not.toBe('');
        if (samples.kind === 'value') expect(samples.value).toBeGreaterThan(0);
        expect(shown.scale).toBeGreaterThan(0);
      }
    }
  });
});

describe('vLLM bench', () => {
  it('gives its statistics in seconds, and ours from the gaps of each request', () => {
    const file = imported('vllm-serve.json');
    expect(file.notes.map(sayEnglish)).toEqual([]);
    expect(file.rows[0]?.conditions).toEqual({
      model: 'example/model-1b',
      engine: 'vllm',
      other: { request_rate: 'inf', burstiness: '1', max_concurrency: '2', num_prompts: '3' },
    });
    expect(numberOf(file, 'mean_ttft_ms')).toBeCloseTo(0.19 / 3, 9);
    expect(numberOf(file, 'ttft')).toBeCloseTo(0.19 / 3, 9);
    expect(numberOf(file, 'tpot')).toBeCloseTo((0.08 / 3 + 0.06) / 2, 9);
    expect(numberOf(file, 'e2e')).toBeCloseTo((0.13 + 0.2 + 0.06) / 3, 9);
    expect(numberOf(file, 'itl')).toBeCloseTo(0.04, 6);
    // First sent at 100.0, last token at 100.26.
    expect(numberOf(file, 'throughput')).toBeCloseTo(8 / 0.26, 4);
    expect(valuesOf(file).get('itl-p99')?.value).toMatchObject({
      kind: 'missing',
      reason: { en: 'needs 459 samples for confidence 0.99, has 5' },
    });
    expect(valuesOf(file).get('total_token_throughput')?.relation).toMatchObject({
      kind: 'differs',
      own: 'throughput',
      difference: { en: 'counts the tokens of the prompts too' },
    });
  });

  it('does not take the 0 that it writes for no value as a time', () => {
    const file = imported('vllm-serve-appended.jsonl');
    expect(file.rows).toHaveLength(2);
    expect(valuesOf(file).get('mean_ttft_ms')?.value).toMatchObject({
      kind: 'missing',
      reason: { en: 'vLLM bench writes 0 where it has no value' },
    });
    expect(numberOf(file, 'mean_ttft_ms', 1)).toBeCloseTo(0.09, 12);
    expect(file.notes.map(sayEnglish)).toEqual([
      '2 requests failed and are in no value',
      'no details of the requests: saved without --save-detailed',
    ]);
  });

  it('names a mean that contradicts the samples', () => {
    const text = fixture('vllm-serve.json').replace('"mean_ttft_ms": 63.3', '"mean_ttft_ms": 36.3');
    expect(imported('vllm-serve.json', text).notes.map(sayEnglish)).toEqual([
      'concurrency 2: it states mean_ttft_ms = 36.3333 ms, its samples give 63.3333',
    ]);
  });

  it('latency and throughput state no conditions, and say so', () => {
    const latency = imported('vllm-latency.json');
    expect([numberOf(latency, 'avg_latency'), numberOf(latency, 'p99_latency')]).toEqual([1.1, 1.198]);
    expect(valuesOf(latency).get('avg_latency')?.samples).toEqual({ kind: 'value', value: 3 });
    expect(latency.notes.map(sayEnglish)).toEqual([
      'the file states neither model nor batch size nor lengths',
    ]);
    const throughput = imported('vllm-throughput.json');
    expect(numberOf(throughput, 'tokens_per_second')).toBe(2000);
    expect(valuesOf(throughput).get('tokens_per_second')?.relation.kind).toBe('differs');
  });
});

describe('guidellm', () => {
  it('has its weighted averages beside ours from the ends of each request', () => {
    const file = imported('guidellm.json');
    expect(file.rows.map(({ test }) => test)).toEqual(['concurrent, streams 2', 'synchronous']);
    expect(numberOf(file, 'inter_token_latency_ms.mean')).toBeCloseTo(0.04, 12);
    expect(numberOf(file, 'tpot')).toBeCloseTo((0.08 / 3 + 0.06) / 2, 6);
    expect(valuesOf(file).has('itl')).toBe(false);
    expect(valuesOf(file, 1).get('time_to_first_token_ms.mean')?.value).toMatchObject({
      kind: 'missing',
      reason: { en: 'guidellm counts a missing value as 0' },
    });
  });
});

describe('aiperf', () => {
  it('takes units from the file', () => {
    const file = imported('aiperf.json');
    expect(numberOf(file, 'time_to_first_token')).toBeCloseTo(0.075, 12);
    expect(numberOf(file, 'output_token_throughput')).toBe(1000);
    const strange = imported(
      'aiperf.json',
      fixture('aiperf.json').replace('"unit": "ms"', '"unit": "fortnights"'),
    );
    expect(valuesOf(strange).get('request_latency')?.value).toMatchObject({
      kind: 'missing',
      reason: { en: 'stated in fortnights, a unit that is not known here' },
    });
  });

  it('leaves warm-up and failed records out', () => {
    const file = imported('aiperf.jsonl');
    expect(numberOf(file, 'ttft')).toBeCloseTo(0.065, 6);
    expect(file.notes.map(sayEnglish)).toContain(
      '2 of 4 records are warm-up, cancelled, failed or without a first token',
    );
  });
});

describe('llama-bench', () => {
  it('reads JSON, JSON lines and SQL alike', () => {
    const [json, lines, sql] = [
      imported('llama-bench.json'),
      imported('llama-bench.jsonl'),
      imported('llama-bench.sql'),
    ];
    expect(json.rows.map(({ test }) => test)).toEqual(['pp512', 'tg128 @ d4096']);
    expect(lines.rows.map(({ test }) => test)).toEqual(['tg128 @ d4096', 'pp512+tg128']);
    expect([numberOf(json, 'pp.avg_ts'), numberOf(sql, 'pp.avg_ts')]).toEqual([100.0625, 100.0625]);
    expect(sql.rows[0]?.conditions.other['model_type']).toBe("llama 1B 'Q8_0', mostly");
    expect(valuesOf(json).get('pp.avg_ts')?.samples).toEqual({ kind: 'value', value: 3 });
    expect(valuesOf(sql).get('pp.avg_ts')?.samples).toMatchObject({
      kind: 'missing',
      reason: { en: 'not stated' },
    });
    expect(json.rows[1]?.conditions).toMatchObject({ depthTokens: 4096, threads: 4, outputTokens: 128 });
  });

  it('names the deviation that overflowed', () => {
    expect(imported('llama-bench.json').notes.map(sayEnglish)).toEqual([
      'pp512: it states a deviation of 3722529745 ns, its samples have 145728145 (integer overflow in its sum of squares)',
    ]);
  });
});

describe('optimum-benchmark', () => {
  it('reads the report with and without its configuration, and trusts no samples/s', () => {
    const whole = imported('optimum-benchmark.json');
    expect(whole.rows[0]?.conditions).toMatchObject({
      batch: 2,
      inputTokens: 16,
      precision: 'float32',
      threads: 4,
    });
    expect(numberOf(whole, 'prefill.latency.mean')).toBeCloseTo(0.11, 12);
    expect(numberOf(whole, 'decode.throughput')).toBe(200);
    expect(numberOf(whole, 'generate.memory.max_ram')).toBe(1.5e9);
    expect([...valuesOf(whole).keys()].filter((name) => name.endsWith('throughput'))).toEqual([
      'decode.throughput',
    ]);
    const { report } = JSON.parse(fixture('optimum-benchmark.json')) as { report: unknown };
    const bare = imported('report.json', JSON.stringify(report));
    expect(bare.rows[0]?.conditions).toEqual({ other: {} });
    expect(bare.rows[0]?.values).toEqual(whole.rows[0]?.values);
  });
});

describe('MLPerf LoadGen', () => {
  it('reads the summary and the detailed log under the same names', () => {
    const [summary, detail] = [imported('mlperf_log_summary.txt'), imported('mlperf_log_detail.txt')];
    for (const name of [
      'result_mean_latency_ns',
      'result_first_token_mean_latency_ns',
      'result_time_to_output_token_mean',
    ]) {
      expect(numberOf(summary, name)).toBe(numberOf(detail, name));
    }
    expect(numberOf(summary, 'result_90.00_percentile_latency_ns')).toBe(1.6);
    expect(numberOf(summary, 'Completed tokens per second')).toBe(988);
    expect(valuesOf(detail).get('result_mean_latency_ns')?.samples).toEqual({ kind: 'value', value: 1000 });
    expect(valuesOf(detail).has('result_token_throughput')).toBe(false);
    expect(summary.notes[0]?.en).toBe('LoadGen calls the result INVALID');
    const newer = imported(
      'a',
      fixture('mlperf_log_summary.txt').replaceAll('Time to Output Token', 'Time per Output Token'),
    );
    expect(newer.rows).toEqual(summary.rows);
  });
});

describe('OpenVINO llm_bench', () => {
  it('averages the iterations itself, without warm-up, NA and the summaries', () => {
    const file = imported('openvino-llm-bench.csv');
    expect(file.rows).toHaveLength(1);
    expect(numberOf(file, '1st_latency(ms)')).toBeCloseTo(0.105, 12);
    expect(valuesOf(file).get('1st_latency(ms)')?.samples).toEqual({ kind: 'value', value: 2 });
    expect(numberOf(file, '2nd_avg_latency(ms)')).toBeCloseTo(0.021, 12);
    expect(numberOf(file, 'max_rss_mem(MB)')).toBe(9e8);
    const wrong = fixture('openvino-llm-bench.csv').replace(/^avg,(.*),105\.0,/m, 'avg,$1,205.0,');
    expect(imported('a.csv', wrong).notes.map(sayEnglish)).toContain(
      'prompt 0, 1st_latency(ms): it states an average of 205, its iterations have 105',
    );
  });
});

describe('problems', () => {
  it('are all named at once, with their places', () => {
    expect(
      problemsOf('{"duration": -1, "completed": "3", "request_throughput": 6, "ttfts": [0.1, null]}'),
    ).toEqual([
      'duration too small',
      'completed expected number',
      'total_input_tokens is missing',
      'ttfts[1] expected number',
    ]);
    expect(
      problemsOf(
        '[{"avg_ts": 1, "n_prompt": 1, "n_gen": 0}, {"avg_ts": "x", "n_prompt": 1, "n_gen": 0, "model_filename": "m", "stddev_ts": 0}]',
      ),
    ).toEqual(['[0].model_filename is missing', '[0].stddev_ts is missing', '[1].avg_ts expected number']);
    expect(problemsOf("INSERT INTO llama_bench (build_commit, n_gen) VALUES ('a');")).toEqual([
      '1 2 columns, 1 values',
    ]);
    expect(
      problemsOf(':::MLLOG {"key": "result_mean_latency_ns", "value": "x"}\n:::MLLOG nonsense'),
    ).toHaveLength(2);
    expect(problemsOf('iteration,model,1st_latency(ms),prompt_idx\n1,a,b,0')).toEqual([
      '2nd_avg_latency(ms) is missing',
      'generation_time(s) is missing',
    ]);
  });

  it('name the formats that are known where a file is of none', () => {
    const result = importText('{"a": 1}', 'x', 'auto');
    if (result.kind !== 'problems') throw new Error('must not be recognised');
    for (const { id } of IMPORTERS) expect(result.problems[0]?.allowed?.en).toContain(id);
    expect(problemsOf('')).toEqual(['the file is empty']);
    expect(problemsOf('{"a": NaN}')[0]).toMatch(/^not JSON: /);
    expect(problemsOf('{"metadata": {}, "metrics": {}}\n{"a"')).toEqual([
      expect.stringMatching(/^2 not JSON: /),
    ]);
  });

  it('stop at fifty', () => {
    const many = JSON.stringify(Array.from({ length: 200 }, () => ({ avg_ts: 'x', n_prompt: 1, n_gen: 1 })));
    const problems = problemsOf(many);
    expect(problems).toHaveLength(51);
    expect(problems.at(-1)).toMatch(/^and \d+ more problems$/);
  });

  it('of a format that is named are those of its schema', () => {
    expect(problemsOf('{}', 'vllm-latency')).toEqual([
      'avg_latency is missing',
      'latencies is missing',
      'percentiles is missing',
    ]);
  });
});

describe('runs', () => {
  const run = (value: number, file: string): ImportedFile =>
    imported(
      file,
      fixture('llama-bench.json')
        .replaceAll('"avg_ts": 20.0', `"avg_ts": ${value}`)
        .replace('"samples_ts": [\n   20.0,\n   20.0\n  ]', `"samples_ts": [${value}]`),
    );

  it('of one configuration get an interval over the runs, a single one none', () => {
    const [single] = importedRuns([run(20, 'a')]).slice(1);
    expect(single?.values[0]?.estimate).toMatchObject({
      kind: 'value',
      value: {
        mean: 20,
        interval: { kind: 'missing', reason: { en: 'no interval: single run' } },
        launches: 1,
        repeats: 1,
        rule: { en: 'one run' },
        origin: 'imported',
      },
    });
    const three = importedRuns([run(19, 'a'), run(20, 'b'), run(21, 'c')]);
    expect(three).toHaveLength(2);
    const estimate = three[1]?.values[0]?.estimate;
    if (estimate?.kind !== 'value' || estimate.value.interval.kind !== 'value')
      throw new Error('no interval');
    // t(0.975, 2) = 4.302653 and a standard error of 1/sqrt(3).
    expect(estimate.value.interval.value.high - 20).toBeCloseTo(4.30265273 / Math.sqrt(3), 6);
    expect(estimate.value.rule.en).toBe('t over 3 runs');
    expect(three[1]?.files).toEqual(['a', 'b', 'c']);
  });

  it('of other conditions stay apart', () => {
    const other = imported('b', fixture('llama-bench.json').replaceAll('"n_threads": 4', '"n_threads": 8'));
    expect(importedRuns([run(20, 'a'), other])).toHaveLength(4);
  });
});
