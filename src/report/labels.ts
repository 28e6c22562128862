/**
 * Names of cells. Only what varies within the study is printed, as llama-bench's users know it; engine and precision
 * always are. What all cells share is listed once.
 */
import type { Cell, Stop } from '../axes/cell.ts';
import { samplingText } from '../axes/sampling.ts';
import { contentHash } from '../kernel/canonical.ts';
import { same, type Words } from '../kernel/language.ts';
import type { LabelColumn, LabelFact } from './model.ts';

/** What naming needs of a cell; planned and skipped cells both have it. */
export interface Named {
  readonly cell: Cell;
  readonly engineLabel: string;
}

interface Property {
  readonly id: string;
  readonly title: Words;
  readonly numeric: boolean;
  readonly text: (named: Named) => string;
  /** The value that goes without saying. */
  readonly usual?: string;
}

const number = (id: string, title: Words, value: (cell: Cell) => number): Property => ({
  id,
  title,
  numeric: true,
  text: ({ cell }) => String(value(cell)),
});
const word = (id: string, title: Words, value: (cell: Cell) => string, usual?: string): Property => ({
  id,
  title,
  numeric: false,
  text: ({ cell }) => value(cell),
  ...(usual === undefined ? {} : { usual }),
});

/** Properties that may vary, beside engine and precision, in the order of columns. */
const BEFORE: readonly Property[] = [word('model', { en: 'model', ja: 'モデル' }, (cell) => cell.model)];
const AFTER: readonly Property[] = [
  word('device', { en: 'device', ja: 'デバイス' }, (cell) => cell.device),
  number('threads', { en: 'threads', ja: 'スレッド' }, (cell) => cell.threads),
  number('inputTokens', { en: 'tokens in', ja: '入力トークン' }, (cell) => cell.inputTokens),
  number('outputTokens', { en: 'tokens out', ja: '出力トークン' }, (cell) => cell.outputTokens),
  { ...number('depthTokens', { en: 'depth', ja: '深さ' }, (cell) => cell.depthTokens), usual: '0' },
  number('batch', { en: 'batch', ja: 'バッチ' }, (cell) => cell.batch),
  word('batching', { en: 'batching', ja: 'バッチ処理' }, (cell) => cell.batching, 'static'),
  word('stop', { en: 'stop', ja: '停止' }, (cell) => cell.stop, 'forced'),
  word('promptLengths', { en: 'prompt lengths', ja: 'プロンプト長' }, (cell) => cell.promptLengths, 'equal'),
  word('sampling', { en: 'sampling', ja: 'サンプリング' }, samplingText),
];

export interface Labelling {
  readonly columns: readonly LabelColumn[];
  readonly common: readonly LabelFact[];
  /** Text by column id. `precision` is given by the caller, who knows what was effective. */
  readonly texts: (named: Named, precision: Words) => Readonly<Record<string, Words>>;
  /** `onnxruntime w8a8 attention=plain`: engine, precision name, varying options; threads where they vary. */
  readonly short: (named: Named) => string;
  /** `short` and everything else that varies, in English: a name, as JSON has it and selections are written. */
  readonly full: (named: Named) => string;
  /** The same in a sentence: what is usual (static batches, forced and equal lengths) goes without saying. */
  readonly brief: (named: Named) => string;
}

/** The labelling of a study's cells. */
export function labelling(all: readonly Named[]): Labelling {
  const varies = (property: Property): boolean => new Set(all.map(property.text)).size > 1;
  const options = varyingOptions(all);
  const optionsColumn: Property = {
    id: 'options',
    title: { en: 'options', ja: 'オプション' },
    numeric: false,
    text: ({ cell }) =>
      options
        .filter(({ engine, name }) => engine === cell.engine && cell.options[name] !== undefined)
        .map(({ name }) => `${name}=${String(cell.options[name])}`)
        .join(' '),
  };
  const engine: Property = {
    id: 'engine',
    title: { en: 'engine', ja: 'エンジン' },
    numeric: false,
    text: (named) => named.engineLabel,
  };
  const before = BEFORE.filter(varies);
  const after = [optionsColumn, ...AFTER].filter(varies);
  const column = ({ id, title, numeric }: Property): LabelColumn => ({ id, title, numeric });
  // Where one batch size is named, the table keeps it: throughput without its batch is meaningless.
  const fixed = [...BEFORE, ...AFTER].filter((property) => !varies(property));
  const first = all[0];
  const short = (named: Named): string =>
    [named.engineLabel, named.cell.precision, optionsColumn.text(named), ...threadsText(named, after)]
      .filter((text) => text !== '')
      .join(' ');
  return {
    columns: [
      ...before.map(column),
      column(engine),
      { id: 'precision', title: { en: 'precision', ja: '精度' }, numeric: false },
      ...after.map(column),
    ],
    common:
      first === undefined
        ? []
        : fixed
            .filter(({ id }) => id !== 'sampling' || first.cell.temperature !== undefined)
            .map((property) => ({ name: property.title, value: property.text(first) })),
    texts: (named, precision) => ({
      ...Object.fromEntries(
        [...before, engine, ...after].map((property) => [property.id, same(property.text(named))]),
      ),
      precision,
    }),
    short,
    full: (named) =>
      [
        short(named),
        ...[...before, ...after]
          .filter(({ id }) => id !== 'options' && id !== 'threads')
          .map((property) => `${property.title.en} ${property.text(named)}`),
      ].join(', '),
    brief: (named) =>
      [
        short(named),
        ...before.map((property) => property.text(named)),
        ...after
          .filter(({ id }) => id !== 'options' && id !== 'threads')
          .filter((property) => property.text(named) !== property.usual)
          .map((property) => `${property.title.en} ${property.text(named)}`),
      ].join(', '),
  };
}

const threadsText = (named: Named, after: readonly Property[]): string[] =>
  after.some(({ id }) => id === 'threads') ? [`${named.cell.threads} threads`] : [];

/** Options that take more than one value among the cells of one engine. */
function varyingOptions(all: readonly Named[]): { readonly engine: string; readonly name: string }[] {
  const values = new Map<string, Set<string>>();
  for (const { cell } of all) {
    for (const [name, value] of Object.entries(cell.options)) {
      const key = JSON.stringify([cell.engine, name]);
      values.set(key, (values.get(key) ?? new Set()).add(String(value)));
    }
  }
  return [...values]
    .filter(([, seen]) => seen.size > 1)
    .map(([key]) => {
      const [engine = '', name = ''] = JSON.parse(key) as string[];
      return { engine, name };
    });
}

/** Identity of the setting in which a cell competes: all but engine, options, precision, threads, slots and batch. */
export function settingKey(cell: Cell): string {
  return contentHash(settingOf(cell));
}

const settingOf = (cell: Cell) => {
  const {
    task,
    model,
    modelHash,
    device,
    inputTokens,
    outputTokens,
    depthTokens,
    batching,
    stop,
    promptLengths,
    temperature,
    topK,
    topP,
    samplingSeed,
  } = cell;
  return {
    task,
    model,
    modelHash,
    device,
    inputTokens,
    outputTokens,
    depthTokens,
    batching,
    stop,
    promptLengths,
    temperature,
    topK,
    topP,
    samplingSeed,
  };
};

/** The setting in words: `open-calm-small, 64 tokens in, 64 out`. */
export function settingText(cell: Cell): Words {
  const workload = workloadText(cell);
  return { en: `${cell.model}, ${workload.en}`, ja: `${cell.model}、${workload.ja}` };
}

/** The same without the model: `64 tokens in, 64 out`. */
export function workloadText(cell: Cell): Words {
  const parts = [
    {
      en: `${cell.inputTokens} tokens in, ${cell.outputTokens} out`,
      ja: `入力 ${cell.inputTokens}・出力 ${cell.outputTokens} トークン`,
    },
    ...(cell.depthTokens === 0 ? [] : [{ en: `depth ${cell.depthTokens}`, ja: `深さ ${cell.depthTokens}` }]),
    ...(cell.batching === 'static' ? [] : [{ en: 'continuous batching', ja: '連続バッチ処理' }]),
    ...stopText(cell.stop),
    ...(cell.promptLengths === 'equal' ? [] : [{ en: 'ragged prompts', ja: '長さの異なるプロンプト' }]),
    ...(cell.temperature === undefined
      ? []
      : [{ en: `sampled with ${samplingText(cell)}`, ja: `${samplingText(cell)} でサンプリング` }]),
  ];
  return { en: parts.map(({ en }) => en).join(', '), ja: parts.map(({ ja }) => ja).join('、') };
}

/** Why lengths differ, in words; nothing where they are forced to be equal. */
export function stopText(stop: Stop): Words[] {
  switch (stop) {
    case 'forced':
      return [];
    case 'natural':
      return [{ en: 'natural stop', ja: '自然に停止' }];
    case 'drawn-uniform':
      return [{ en: 'uniform lengths drawn from the seed', ja: 'シードから引いた一様分布の長さ' }];
    case 'drawn-geometric':
      return [{ en: 'geometric lengths drawn from the seed', ja: 'シードから引いた幾何分布の長さ' }];
  }
}

/** Formats by operand: a known precision, or an engine's own words. */
export interface PrecisionWords {
  readonly weights: string;
  readonly activations: string;
  readonly kvCache: string;
}

/** What is quantised and what computes: `int8 weights, int8 activations, float32 KV cache`. */
export function precisionText(precision: PrecisionWords): Words {
  const { weights, activations, kvCache } = precision;
  if (weights === activations && activations === kvCache) return same(weights);
  return {
    en: `${weights} weights, ${activations} activations, ${kvCache} KV cache`,
    ja: `重み ${weights}、活性 ${activations}、KV キャッシュ ${kvCache}`,
  };
}
