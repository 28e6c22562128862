/**
 * Files of one configuration are runs of it: their values get an interval over the runs, as launches do. A single run has
 * none, however many requests or repetitions it made, because what differs between processes is not in it.
 */

import { contentHash } from '../kernel/canonical.ts';
import type { Words } from '../kernel/language.ts';
import { type Maybe, mapMaybe, missing, present, presentValue } from '../kernel/maybe.ts';
import { notBelow } from '../stats/cut-off.ts';
import { type Estimate, LEVEL } from '../stats/estimate.ts';
import { mean, sum, variance } from '../stats/moments.ts';
import { twoSidedFactor } from '../stats/student-t.ts';
import type { ImportedFile, ImportedRow, ImportedValue } from './imported.ts';
import { NOT_STATED } from './values.ts';

export interface ImportedRuns {
  /** Content hash of format, test and conditions. */
  readonly key: string;
  readonly format: string;
  readonly peer: string;
  readonly test: string;
  readonly conditions: ImportedRow['conditions'];
  /** One per run. */
  readonly files: readonly string[];
  readonly values: readonly RunsValue[];
}

export interface RunsValue extends Omit<ImportedValue, 'value' | 'samples'> {
  /** In the stored unit; missing with the file's reason. */
  readonly estimate: Maybe<Estimate>;
  /** Over all runs. */
  readonly samples: Maybe<number>;
}

const SINGLE: Words = { en: 'no interval: single run', ja: '区間なし: 実行が 1 回だけ' };

/** Rows of all files, those of one configuration together, in order of their first appearance. */
export function importedRuns(files: readonly ImportedFile[]): ImportedRuns[] {
  const groups = new Map<string, { readonly file: ImportedFile; readonly row: ImportedRow }[]>();
  for (const file of files) {
    for (const row of file.rows) {
      const key = contentHash({ format: file.format, test: row.test, conditions: row.conditions });
      groups.set(key, [...(groups.get(key) ?? []), { file, row }]);
    }
  }
  return [...groups].flatMap(([key, runs]) => {
    const [first] = runs;
    if (first === undefined) return [];
    const { file, row } = first;
    return [
      {
        key,
        format: file.format,
        peer: file.peer,
        test: row.test,
        conditions: row.conditions,
        files: runs.map((run) => run.file.file),
        values: valuesOf(runs.map((run) => run.row)),
      },
    ];
  });
}

function valuesOf(rows: readonly ImportedRow[]): RunsValue[] {
  const byName = new Map<string, ImportedValue[]>();
  for (const value of rows.flatMap(({ values }) => values)) {
    byName.set(value.name, [...(byName.get(value.name) ?? []), value]);
  }
  return [...byName.values()].flatMap((values) => {
    const [first] = values;
    if (first === undefined) return [];
    const { value: _value, samples: _samples, ...declaration } = first;
    return [{ ...declaration, estimate: estimateOf(values), samples: samplesOf(values) }];
  });
}

/**
 * Student's t over the values of the runs, n - 1 degrees of freedom. The order of the files says nothing of the order in
 * which they were measured, so that no trend is taken out, as it is for launches.
 */
function estimateOf(values: readonly ImportedValue[]): Maybe<Estimate> {
  const stated = values.flatMap(({ value }) => presentValue(value) ?? []);
  const count = stated.length;
  const [reason] = values.flatMap(({ value }) => (value.kind === 'missing' ? [value.reason] : []));
  const centre = mean(stated);
  if (centre.kind === 'missing') return missing(reason ?? NOT_STATED);
  const estimate: Estimate = {
    mean: centre.value,
    interval: mapMaybe(count < 2 ? missing(SINGLE) : variance(stated), (spread) => {
      const half = twoSidedFactor(LEVEL, count - 1) * Math.sqrt(spread / count);
      return { low: centre.value - half, high: centre.value + half, level: LEVEL };
    }),
    launches: count,
    repeats: count,
    rule:
      count < 2
        ? { en: 'one run', ja: '実行 1 回' }
        : { en: `t over ${count} runs`, ja: `実行 ${count} 回に対する t 分布` },
    origin: 'imported',
  };
  // Durations, rates and deviations of theirs are no more negative than ours.
  return present(notBelow(estimate, 0));
}

function samplesOf(values: readonly ImportedValue[]): Maybe<number> {
  const unknown = values.find(({ samples }) => samples.kind === 'missing');
  if (unknown !== undefined) return unknown.samples;
  return present(sum(values.flatMap(({ samples }) => presentValue(samples) ?? [])));
}
