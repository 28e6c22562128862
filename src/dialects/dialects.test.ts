import { describe, expect, it } from 'vitest';
import { presentValue } from '../kernel/maybe.ts';
import { compute } from './dialect.ts';
import { DIALECTS, findDialect } from './registry.ts';
import type { DialectEvent, DialectRequest, DialectRun } from './run.ts';

const ms = (value: number): number => value * 1e6;

/** Events at `[ms, tokens, kind]`. */
const events = (...list: readonly (readonly [number, number, DialectEvent['kind']?])[]): DialectEvent[] =>
  list.map(([at, tokens, kind]) => ({ ns: ms(at), tokens, kind: kind ?? 'content' }));

/**
 * A: wanted at 0, sent at 10, an empty chunk at 50, tokens at 60, 80, 120, 140 (reasoning first), ends at 150: 4 tokens.
 * B: wanted and sent at 20, 2 tokens in one chunk at 100, 1 at 220, ends at 220: 3 tokens.
 * C: wanted and sent at 30, 1 token at 90, ends at 95.
 */
const A: DialectRequest = {
  intended_ns: 0,
  sent_ns: ms(10),
  end_ns: ms(150),
  inputTokens: 10,
  outputTokens: 4,
  events: events([50, 0, 'empty'], [60, 1, 'reasoning'], [80, 1], [120, 1], [140, 1]),
};
const B: DialectRequest = {
  intended_ns: ms(20),
  sent_ns: ms(20),
  end_ns: ms(220),
  inputTokens: 20,
  outputTokens: 3,
  events: events([100, 2], [220, 1]),
};
const C: DialectRequest = {
  intended_ns: ms(30),
  sent_ns: ms(30),
  end_ns: ms(95),
  inputTokens: 30,
  outputTokens: 1,
  events: events([90, 1]),
};
const RUN: DialectRun = { device: 'cpu', calls: [{ requests: [A, B, C] }] };

/** All of a dialect's values over `run`, by the peer's names. */
function valuesOf(id: string, run: DialectRun = RUN): Record<string, number | undefined> {
  const dialect = findDialect(id);
  if (dialect === undefined) throw new Error(`no dialect ${id}`);
  return Object.fromEntries(
    dialect.metrics.map((metric) => [metric.name, presentValue(compute(metric, run))]),
  );
}

const close = (value: number): number => expect.closeTo(value, 12) as number;

describe('the dialects over three hand-made requests', () => {
  it('vllm: the first event counts with or without text, the window ends with the last answer', () => {
    expect(valuesOf('vllm')).toEqual({
      mean_ttft_ms: close((40 + 80 + 60) / 3 / 1e3),
      median_ttft_ms: close(0.06),
      // numpy.std: divisor n.
      std_ttft_ms: close(Math.sqrt((20 ** 2 + 20 ** 2 + 0) / 3) / 1e3),
      // Linear: between 60 and 80 at 0.98.
      p99_ttft_ms: close(0.0796),
      mean_tpot_ms: close((90 / 3 + 120 / 2) / 2 / 1e3),
      median_tpot_ms: close(0.045),
      p99_tpot_ms: close(0.0597),
      mean_itl_ms: close((10 + 20 + 40 + 20 + 120) / 5 / 1e3),
      median_itl_ms: close(0.02),
      p99_itl_ms: close((40 + 0.96 * 80) / 1e3),
      mean_e2el_ms: close((130 + 200 + 60) / 3 / 1e3),
      p99_e2el_ms: close((130 + 0.98 * 70) / 1e3),
      request_throughput: close(3 / 0.21),
      output_throughput: close(8 / 0.21),
      total_token_throughput: close(68 / 0.21),
      avg_latency: close(0.21),
    });
  });

  it('aiperf: skips empty chunks, takes reasoning as text, and TTFO only content', () => {
    expect(valuesOf('aiperf')).toEqual({
      time_to_first_token: close((50 + 80 + 60) / 3 / 1e3),
      time_to_first_token_p99: close(0.0796),
      time_to_first_output_token: close((70 + 80 + 60) / 3 / 1e3),
      time_to_second_token: close((20 + 120) / 2 / 1e3),
      inter_token_latency: close((80 / 3 + 120 / 2) / 2 / 1e3),
      inter_token_latency_p99: close((80 / 3 + 0.99 * (60 - 80 / 3)) / 1e3),
      inter_chunk_latency: close((20 + 40 + 20 + 120) / 4 / 1e3),
      request_latency: close((130 + 200 + 60) / 3 / 1e3),
      output_token_throughput: close(8 / 0.21),
      output_token_throughput_per_user: close((1000 / (80 / 3) + 1000 / 60) / 2),
      request_throughput: close(3 / 0.21),
    });
  });

  it('guidellm: TPOT has the first token inside, ITL is weighted by tokens, percentiles do not interpolate', () => {
    expect(valuesOf('guidellm')).toEqual({
      'time_to_first_token_ms.mean': close((50 + 80 + 60) / 3 / 1e3),
      'time_to_first_token_ms.median': close(0.06),
      'time_to_first_token_ms.p95': close(0.08),
      'inter_token_latency_ms.mean': close((80 + 120) / (3 + 2) / 1e3),
      'inter_token_latency_ms.p95': close(0.06),
      'time_per_output_token_ms.mean': close((130 + 200 + 60) / (4 + 3 + 1) / 1e3),
      'request_latency.mean': close((140 + 200 + 65) / 3 / 1e3),
      'request_latency.p95': close(0.2),
      // From the first token at 60 ms to the last at 220 ms.
      'output_tokens_per_second.mean': close(8 / 0.16),
      'tokens_per_second.mean': close(68 / 0.16),
    });
  });

  it('inference-benchmarker: a request with one event enters the mean as 0', () => {
    expect(valuesOf('inference-benchmarker')).toEqual({
      time_to_first_token_ms_avg: close((50 + 80 + 60) / 3 / 1e3),
      inter_token_latency_ms_avg: close((80 / 3 + 120 / 2 + 0) / 3 / 1e3),
      inter_token_latency_ms_p90: close((80 / 3 + 0.8 * (60 - 80 / 3)) / 1e3),
      e2e_latency_ms_avg: close((140 + 200 + 65) / 3 / 1e3),
      token_throughput_secs: close(8 / 0.21),
    });
  });

  it('optimum-benchmark: one stamp for the batch, decode to the return of the call', () => {
    const batch = (end: number): DialectRequest => ({
      ...C,
      intended_ns: 0,
      sent_ns: 0,
      end_ns: ms(end),
      outputTokens: 4,
      events: events([100, 1], [110, 1], [130, 1], [170, 1]),
    });
    expect(
      valuesOf('optimum-benchmark', { device: 'cpu', calls: [{ requests: [batch(175), batch(180)] }] }),
    ).toEqual({
      'prefill.latency.mean': close(0.1),
      'decode.latency.mean': close(0.08),
      'decode.throughput': close((2 * 3) / 0.08),
      'per_token.latency.mean': close(0.07 / 3),
      'per_token.latency.p95': close((20 + 0.9 * 20) / 1e3),
      'per_token.latency.stdev': close(
        Math.sqrt(((10 - 70 / 3) ** 2 + (20 - 70 / 3) ** 2 + (40 - 70 / 3) ** 2) / 3) / 1e3,
      ),
      'generate.latency.mean': close(0.18),
    });
  });

  it('llama-bench: the mean of the rates, with the deviation of divisor n - 1', () => {
    const call = (prefill: number, step: number): DialectRun['calls'][number] => ({
      requests: [
        {
          ...C,
          intended_ns: 0,
          sent_ns: 0,
          end_ns: ms(prefill + 2 * step),
          outputTokens: 3,
          events: events([prefill, 1], [prefill + step, 1], [prefill + 2 * step, 1]),
        },
      ],
    });
    const run = { device: 'cpu', calls: [call(100, 10), call(300, 30)] };
    const both = valuesOf('llama-bench', run);
    expect(both).toEqual({
      'pp.avg_ts': close((300 + 100) / 2),
      'pp.stddev_ts': close(Math.SQRT2 * 100),
      'tg.avg_ts': close((100 + 100 / 3) / 2),
      'tg.stddev_ts': close((Math.SQRT2 * (100 - 100 / 3)) / 2),
      'pg.avg_ts': close((33 / 0.12 + 33 / 0.36) / 2),
      'pg.stddev_ts': close((Math.SQRT2 * (33 / 0.12 - 33 / 0.36)) / 2),
    });
    expect(valuesOf('llama-batched-bench', run)).toEqual({
      'S_PP t/s': both['pp.avg_ts'],
      'S_TG t/s': both['tg.avg_ts'],
      'S t/s': both['pg.avg_ts'],
    });
    expect(valuesOf('llama-bench', { ...run, calls: [call(100, 10)] })['pp.stddev_ts']).toBe(0);
  });

  it('mlperf-loadgen: counts from the schedule, takes the element at floor(n p), and whole nanoseconds', () => {
    const values = valuesOf('mlperf-loadgen');
    expect(values).toEqual({
      result_first_token_mean_latency_ns: Math.trunc(ms(50 + 80 + 60) / 3) / 1e9,
      'result_first_token_99.00_percentile_latency_ns': 0.08,
      result_time_to_output_token_mean: Math.trunc((Math.trunc(ms(100) / 3) + ms(60)) / 2) / 1e9,
      'result_time_per_output_token_99.00_percentile_ns': 0.06,
      result_mean_latency_ns: Math.trunc(ms(150 + 200 + 65) / 3) / 1e9,
      'result_90.00_percentile_latency_ns': 0.2,
      // Three requests are too few: 64 are needed.
      early_stopping_latency_p90: undefined,
      early_stopping_ttft_p90: undefined,
      'Completed tokens per second': close(8 / 0.22),
      'Completed samples per second': close(2 / 0.22),
    });
  });

  it('mlcommons-endpoints: tokens after the first chunk, not after the first token', () => {
    expect(valuesOf('mlcommons-endpoints')).toEqual({
      ttft: close((50 + 80 + 60) / 3 / 1e3),
      // B has two tokens in its first chunk: 120 ms for one token. C has none after it.
      tpot: close((90 / 3 + 120 / 1) / 2 / 1e3),
      latency: close((140 + 200 + 65) / 3 / 1e3),
      tps: close(8 / 0.21),
    });
  });

  it('inferencex: the inverse of TPOT, and rates per GPU only where there is one', () => {
    expect(valuesOf('inferencex')).toEqual({
      median_intvty: close(1000 / 45),
      mean_intvty: close(1000 / 45),
      tput_per_gpu: undefined,
      output_tput_per_gpu: undefined,
    });
    expect(valuesOf('inferencex', { ...RUN, device: 'cuda' })).toMatchObject({
      tput_per_gpu: close(68 / 0.21),
      output_tput_per_gpu: close(8 / 0.21),
    });
  });

  it('localscore: ten times the geometric mean of three', () => {
    const pp = 60 / 0.09;
    const tg = 4 / 0.12;
    expect(valuesOf('localscore')).toEqual({
      LocalScore: expect.closeTo(10 * Math.cbrt(pp * tg * (1000 / ((50 + 80 + 60) / 3))), 9) as number,
    });
  });

  it('llmperf: the time to the first token is one of the gaps', () => {
    expect(valuesOf('llmperf')).toEqual({
      ttft_s_mean: close((50 + 80 + 60) / 3 / 1e3),
      inter_token_latency_s_mean: close((130 / 4 + 200 / 2 + 60) / 3 / 1e3),
      inter_token_latency_s_p99: close((60 + 0.98 * 40) / 1e3),
      end_to_end_latency_s_mean: close((140 + 200 + 65) / 3 / 1e3),
      request_output_throughput_token_per_s_mean: close((4 / 0.14 + 3 / 0.2 + 1 / 0.065) / 3),
      mean_output_throughput_token_per_s: close(8 / 0.21),
    });
  });

  it('pauses between calls count in no window', () => {
    const later = (request: DialectRequest): DialectRequest => ({
      ...request,
      intended_ns: request.intended_ns + 1e12,
      sent_ns: request.sent_ns + 1e12,
      end_ns: request.end_ns + 1e12,
      events: request.events.map((event) => ({ ...event, ns: event.ns + 1e12 })),
    });
    const twice: DialectRun = { ...RUN, calls: [...RUN.calls, { requests: [A, B, C].map(later) }] };
    expect(valuesOf('vllm', twice)['output_throughput']).toBeCloseTo(8 / 0.21, 9);
    expect(valuesOf('guidellm', twice)['output_tokens_per_second.mean']).toBeCloseTo(8 / 0.16, 9);
  });

  it('a run in which nothing was answered has no value, and says so', () => {
    for (const dialect of DIALECTS) {
      for (const metric of dialect.metrics) {
        expect(compute(metric, { device: 'cpu', calls: [] })).toMatchObject({
          kind: 'missing',
          reason: { en: 'no request was answered' },
        });
      }
    }
  });
});
