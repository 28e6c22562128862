/**
 * Each kind of claim in worlds where it is true, false and undecidable, through the whole pipeline with simulated engines.
 * The cost model (sim/cost-model.ts): prefill 0.1 ms a prompt token and sequence, a step of 10 ms in 32 bit plus 0.5 ms
 * for each sequence; `slow` takes twice that everywhere; `wide` has no cost of its own for a sequence.
 */
import { describe, expect, it } from 'vitest';
import { presentValue } from '../../src/kernel/maybe.ts';
import { simulatedReport } from './sim-study.ts';

const study = (noise: string, claims: string): string => `
name: simulated
models: [{preset: tiny, name: small}, {preset: tiny, name: large, seed: 1}]
engines:
  - {id: sim, label: fast, precisions: [fp32, w8], options: {${noise}}}
  - {id: sim, label: slow, precisions: [fp32, w8], options: {prefill_ns: 200000, step_ns: 20000000, sequence_ns: 1000000, ${noise}}}
  - {id: sim, label: wide, precisions: [fp32], options: {sequence_ns: 0, ${noise}}}
  - {id: tensorrt-llm}
defaults: {inputTokens: 20, outputTokens: 5}
experiments:
  - {id: batch, axes: {batch: [1, 4]}}
  - {id: input, models: [small], axes: {inputTokens: [20, 200]}}
  - {id: precision, models: [small], engines: [fast], axes: {precision: [fp32, w8]}}
rounds: {minimum: 5, maximum: 5, confirm: 0}
repeats: {minimum: 1, maximum: 1, window: 1ms}
correctness: {check: false}
seed: 3
claims:
${claims}`;

/**
 * Kind, fields, and the bound in three forms: true, false, and at the truth itself. Times at batch 1: prefill 2 ms, four
 * steps of 10.5 ms, 44 ms for 5 tokens; at batch 4: prefill 8 ms, four steps of 12 ms, 56 ms for 20 tokens. A simulated
 * generation has one factor of noise for all of its parts, so that its own shares have none: no even case for `share`.
 */
const CASES: readonly (readonly [id: string, fields: string, holds: string, fails: string, even: string])[] =
  [
    [
      'ratio',
      'kind: ratio, of: {engine: fast}, to: {engine: slow}',
      'atLeast: 1.5',
      'atLeast: 3',
      'atLeast: 2',
    ],
    [
      'equal',
      'kind: equal, for: {model: small, batch: 1, inputTokens: 20}, of: {engine: fast, precision: fp32}, to: {engine: slow, precision: fp32}',
      'within: 2',
      'within: 0.2',
      'within: 1',
    ],
    [
      'ranking',
      'kind: ranking, for: {model: small, precision: fp32, batch: 1, inputTokens: 20}, first: {engine: [fast, wide]}',
      'atLeast: 1.5',
      'atLeast: 3',
      `atLeast: ${88 / 42}`,
    ],
    [
      'trend',
      'kind: trend, for: {engine: fast, precision: fp32, inputTokens: 20}, along: batch',
      'atLeast: 2',
      'atMost: 2',
      `atLeast: ${(20 / 56 / (5 / 44)).toFixed(12)}`,
    ],
    [
      'interaction',
      'kind: interaction, for: {precision: fp32, inputTokens: 20, model: small}, of: {engine: wide}, to: {engine: fast}, from: {batch: 1}, towards: {batch: 4}',
      'atMost: 1.5',
      'atLeast: 1.5',
      `atLeast: ${(56 / 48 / (44 / 42)).toFixed(12)}`,
    ],
    [
      'only',
      'kind: only, for: {model: small, precision: fp32, inputTokens: 20}, who: {engine: wide}, along: batch, others: {atMost: 4}',
      'atLeast: 2',
      'atMost: 2',
      `atLeast: 3.5`,
    ],
    [
      'relative-fall',
      'kind: fall, for: {model: small, precision: fp32, batch: 1}, who: {engine: wide}, along: inputTokens, measure: relative',
      'atLeast: 0.8',
      'atLeast: 1.5',
      `atLeast: ${(60 / 42 / (62 / 44)).toFixed(12)}`,
    ],
    [
      'absolute-fall',
      'kind: fall, for: {model: small, precision: fp32, batch: 1, engine: [fast, slow]}, who: {engine: fast}, along: inputTokens, measure: absolute',
      'atLeast: 1.2',
      'atLeast: 3',
      'atLeast: 2',
    ],
    [
      'share',
      'kind: share, for: {model: small, engine: fast, precision: fp32, batch: 1}, part: ttft, whole: e2e',
      'atMost: 0.9',
      'atLeast: 0.9',
      '',
    ],
    [
      'share-of-growth',
      'kind: share, for: {model: small, engine: fast, precision: fp32, batch: 1}, part: ttft, whole: e2e, along: inputTokens',
      'atLeast: 0.5',
      'atMost: 0.5',
      'atLeast: 1',
    ],
    [
      'metric-ratio',
      'kind: metric-ratio, for: {engine: fast, batch: 4}, metric: throughput, toMetric: throughput-per-sequence',
      'atLeast: 3',
      'atMost: 3',
      '',
    ],
  ];

const claim = (id: string, fields: string, bound: string): string =>
  `  - {id: ${id}, claim: said, ${fields}, ${bound}}\n`;

describe('verdicts in a world without noise', () => {
  it('are certain: true claims supported, false ones refuted, with exact effects', async () => {
    const claims = CASES.map(
      ([id, fields, holds, fails]) =>
        claim(`${id}.true`, fields, holds) + claim(`${id}.false`, fields, fails),
    );
    const { claims: section } = await simulatedReport(study('noise: none', claims.join('')));
    const outcomes = section?.verdicts.map(({ id, outcome }) => `${id}: ${outcome}`);
    expect(outcomes).toEqual(CASES.flatMap(([id]) => [`${id}.true: supported`, `${id}.false: refuted`]));
    const effectsOf = (id: string) =>
      section?.verdicts
        .find((verdict) => verdict.id === `${id}.true`)
        ?.effects.map(({ value }) => presentValue(value)?.mean);
    const close = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 9));
    expect(new Set(effectsOf('ratio')?.map((mean) => mean?.toFixed(9)))).toEqual(new Set(['2.000000000']));
    expect(effectsOf('trend')).toEqual(close([20 / 56 / (5 / 44), 20 / 56 / (5 / 44)]));
    expect(effectsOf('interaction')).toEqual(close([56 / 48 / (44 / 42)]));
    expect(effectsOf('relative-fall')).toEqual(close([60 / 42 / (62 / 44), 60 / 42 / (124 / 88)]));
    expect(effectsOf('share')).toEqual(close([2 / 44, 20 / 62]));
    expect(effectsOf('share-of-growth')).toEqual(close([1]));
    // 5 tokens in 44 and 62 ms, against the same in twice the time and 1.2 times of that.
    const fall = 5 / 0.044 - 5 / 0.062;
    expect(effectsOf('absolute-fall')).toEqual(close([fall - (1.2 * fall) / 2]));
  });
});

describe('verdicts in a noisy world', () => {
  it('are undecided where the margin is the truth itself, and right where it is not', async () => {
    const cases = CASES.filter(([, , , , even]) => even !== '');
    const claims = cases.map(
      ([id, fields, holds, fails, even]) =>
        claim(`${id}.true`, fields, holds) +
        claim(`${id}.false`, fields, fails) +
        claim(`${id}.even`, fields, even),
    );
    const noise = 'noise: white, noiseScale: 0.01, launchScale: 0.01, noiseSeed: 7';
    const { claims: section } = await simulatedReport(study(noise, claims.join('')));
    const outcomes = section?.verdicts.map(({ id, outcome }) => `${id}: ${outcome}`);
    expect(outcomes).toEqual(
      cases.flatMap(([id]) => [`${id}.true: supported`, `${id}.false: refuted`, `${id}.even: undecided`]),
    );
  });
});

describe('what was not measured', () => {
  it('is named with its reason, and on the other device a claim carries over or does not', async () => {
    const { claims: section } = await simulatedReport(
      study(
        'noise: none',
        `  - {id: gpu, claim: said, kind: ratio, device: gpu, of: {engine: fast}, to: {engine: slow}, atLeast: 1.5}
  - {id: gpu-false, claim: said, kind: ratio, device: gpu, of: {engine: fast}, to: {engine: slow}, atLeast: 3}
  - {id: absent, claim: said, kind: ranking, first: {engine: tensorrt-llm}, analogues: {tensorrt-llm: fast}, for: {model: small, precision: fp32, engine: [tensorrt-llm, fast, slow]}}
  - {id: one-leader, claim: said, kind: ranking, first: {engine: [tensorrt-llm, slow]}, for: {precision: fp32, model: small, batch: 1, inputTokens: 20}}
  - {id: capability, claim: said, kind: capability, for: {engine: tensorrt-llm}, possible: false, stated: none in 2023}
  - {id: ran, claim: said, kind: capability, for: {engine: fast}, possible: false, stated: none in 2023}
  - {id: converted, claim: said, kind: conversion, for: {engine: fast}, possible: false, stated: too heavy in 2023}
  - {id: memory, claim: said, kind: memory, of: {precision: w8}, to: {precision: fp32}, atMost: 0.9}
  - {id: setting, claim: said, kind: reports, for: {engine: fast}, setting: noSuch, equals: 0}
`,
      ),
    );
    const found = section?.verdicts.map(({ id, outcome, reason, elsewhere, analogue }) => [
      id,
      outcome,
      reason?.en,
      elsewhere?.outcome,
      analogue?.outcome,
    ]);
    expect(found).toEqual([
      ['gpu', 'not-measured', 'the study has no cells on a GPU', 'carries-over', undefined],
      ['gpu-false', 'not-measured', 'the study has no cells on a GPU', 'does-not-carry-over', undefined],
      ['absent', 'not-measured', 'Hayasa has no adapter for TensorRT-LLM yet', undefined, 'carries-over'],
      // slow is not the fastest, but TensorRT-LLM may be.
      ['one-leader', 'undecided', 'the data allow both', undefined, undefined],
      ['capability', 'not-measured', 'Hayasa has no adapter for TensorRT-LLM yet', undefined, undefined],
      ['ran', 'refuted', undefined, undefined, undefined],
      ['converted', 'refuted', undefined, undefined, undefined],
      ['memory', 'not-measured', expect.stringContaining('peak-memory has no value'), undefined, undefined],
      ['setting', 'not-measured', 'it does not report noSuch', undefined, undefined],
    ]);
  });
});
