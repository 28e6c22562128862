/**
 * Rows of other benchmarks' files beside the measured ones. Only a value that is ours by definition enters the column of
 * our metric; every other is listed under its own name with what differs. A condition that a file does not state is
 * absent: that all measured rows share it says nothing of an imported one.
 */
import type { Conditions, ImportedFile, ImportedValue } from '../importers/imported.ts';
import type { ImportedRuns, RunsValue } from '../importers/runs.ts';
import { same, sayEnglish, type Words } from '../kernel/language.ts';
import type { Maybe } from '../kernel/maybe.ts';
import { findMetric } from '../metrics/registry.ts';
import type { Estimate } from '../stats/estimate.ts';

/** What the caller read from files. */
export interface ImportedInput {
  readonly files: readonly ImportedFile[];
  readonly runs: readonly ImportedRuns[];
}

export interface ImportedSection {
  readonly rows: readonly ImportedTableRow[];
  /** What was left out, and where a file contradicts itself. */
  readonly notes: readonly { readonly file: string; readonly text: Words }[];
}

export interface ImportedTableRow {
  readonly key: string;
  readonly format: string;
  readonly peer: string;
  readonly test: string;
  /** `vLLM bench, concurrency 2`. */
  readonly label: string;
  /** One per run. */
  readonly files: readonly string[];
  readonly conditions: Conditions;
  /** Text by label column id; absent where the file states nothing. */
  readonly labels: Readonly<Record<string, Words>>;
  /** By id of our metric: values that are the same by definition, those from samples before those that are stated. */
  readonly values: Readonly<Record<string, Maybe<Estimate>>>;
  /** Everything in the file, under its own names. */
  readonly all: readonly ImportedEntry[];
}

export interface ImportedEntry {
  readonly name: string;
  readonly from: ImportedValue['from'];
  readonly estimate: Maybe<Estimate>;
  readonly samples: Maybe<number>;
  readonly storedUnit: string;
  readonly shown: ImportedValue['shown'];
  readonly relation: 'same' | 'differs' | 'none';
  /** Our nearest metric; absent where there is none. */
  readonly own?: { readonly metricId: string; readonly title: Words };
  /** Empty where there is no difference. */
  readonly difference: Words;
}

/** The section of `input`, in the order of its files. */
export function importedSection({ files, runs }: ImportedInput): ImportedSection {
  return {
    rows: runs.map(rowOf),
    notes: files.flatMap(({ file, notes }) => notes.map((text) => ({ file, text }))),
  };
}

function rowOf(runs: ImportedRuns): ImportedTableRow {
  const { key, format, peer, test, conditions, files, values } = runs;
  return {
    key,
    format,
    peer,
    test,
    label: [peer, test].filter((text) => text !== '').join(', '),
    files,
    conditions,
    labels: labelsOf(runs),
    values: sameValues(values),
    all: values.map(entryOf),
  };
}

/** By the ids of label columns; the engine's is always there, and says what was measured and that it is imported. */
function labelsOf({ peer, test, conditions }: ImportedRuns): Record<string, Words> {
  const { other: _other, engine, ...stated } = conditions;
  // The model stands with it: measured rows that share theirs have no column for it.
  const parts: readonly Words[] = [
    engine === undefined ? same(peer) : { en: `${peer} of ${engine}`, ja: `${peer}（${engine}）` },
    stated.model === undefined
      ? { en: 'model not stated', ja: 'モデルの記載なし' }
      : same(String(stated.model)),
    ...(test === '' ? [] : [same(test)]),
  ];
  return {
    ...Object.fromEntries(Object.entries(stated).map(([name, value]) => [name, same(String(value))])),
    engine: {
      en: `${parts.map(sayEnglish).join(', ')} (imported)`,
      ja: `${parts.map(({ ja }) => ja).join('、')}（取り込み）`,
    },
  };
}

function sameValues(values: readonly RunsValue[]): Record<string, Maybe<Estimate>> {
  const shared = values.flatMap((value) =>
    value.relation.kind === 'same' ? [[value.relation.own, value] as const] : [],
  );
  // The later of a name wins: samples before statements, a value before a reason.
  const rank = ({ from, estimate }: RunsValue): number =>
    (estimate.kind === 'value' ? 2 : 0) + (from === 'samples' ? 1 : 0);
  return Object.fromEntries(
    shared.sort(([, a], [, b]) => rank(a) - rank(b)).map(([own, { estimate }]) => [own, estimate]),
  );
}

function entryOf({ name, from, estimate, samples, storedUnit, shown, relation }: RunsValue): ImportedEntry {
  const own = relation.kind === 'none' ? undefined : findMetric(relation.own);
  return {
    name,
    from,
    estimate,
    samples,
    storedUnit,
    shown,
    relation: relation.kind,
    ...(own === undefined ? {} : { own: { metricId: own.id, title: own.title } }),
    difference: relation.kind === 'same' ? same('') : relation.difference,
  };
}
