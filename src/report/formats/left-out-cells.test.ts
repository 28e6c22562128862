/** Cells that did not run, by their reason: a study of hundreds of them must stay readable. */
import { describe, expect, it } from 'vitest';
import { BASE_CELL } from '../../../test/fixtures/synthetic-journal.ts';
import { INPUT, reportCell } from '../../../test/fixtures/synthetic-report.ts';
import { cellKey } from '../../axes/cell.ts';
import { sayEnglish, sayIn, type Words } from '../../kernel/language.ts';
import { buildReport } from '../build.ts';
import type { ReportSkip } from '../input.ts';
import { markdown } from './markdown.ts';
import { reasonLine } from './sections.ts';

const NO_GPU: Words = { en: 'no GPU', ja: 'GPU がありません' };
const TOO_LARGE: Words = { en: 'needs more memory than <8 GB>', ja: '8 GB を超えます' };

const skips = (count: number, reason: Words, needs?: ReportSkip['needs']): ReportSkip[] =>
  Array.from({ length: count }, (_, index) => {
    const cell = { ...BASE_CELL, batch: index + 1 };
    return {
      cell,
      cellKey: cellKey(cell),
      experiments: [],
      kind: 'unavailable',
      engineLabel: 'alpha',
      reason,
      ...(needs === undefined ? {} : { needs }),
    };
  });

const reportOf = (skipped: readonly ReportSkip[]) =>
  buildReport({ ...INPUT, cells: [reportCell(BASE_CELL)], skipped });

describe('cells that were left out', () => {
  it('are named on a screen as far as it goes, with how many more there are', () => {
    const [group] = reportOf(skips(9, NO_GPU)).skipped;
    expect(reasonLine(sayEnglish, 2)(group!)).toBe(
      'no GPU: alpha fp32, batch 1; alpha fp32, batch 2 and 7 more',
    );
    expect(reasonLine(sayIn('ja'), 2)(group!)).toContain('、他 7 件');
    expect(reasonLine(sayEnglish, 9)(group!)).not.toContain('more');
    expect(reasonLine(sayEnglish)(group!)).toContain('batch 9');
  });

  it('are all in Markdown, folded away where they are many', async () => {
    const [few] = await markdown.render(reportOf(skips(12, NO_GPU)), sayEnglish);
    expect(few?.text).toContain('- no GPU: alpha fp32, batch 1; ');
    const [many] = await markdown.render(reportOf(skips(13, TOO_LARGE)), sayEnglish);
    expect(many?.text).toContain(
      '- <details><summary>needs more memory than &lt;8 GB&gt;: 13 cells</summary> alpha fp32, batch 1; ',
    );
    expect(many?.text).toContain('; alpha fp32, batch 13</details>');
  });

  it('say what memory they need', () => {
    const needs = { weightBytes: 14e9, kvCacheBytes: 2e9, overheadBytes: 0 };
    expect(reportOf(skips(2, TOO_LARGE, needs)).skipped[0]?.cells).toEqual([
      'alpha fp32, batch 1 (16 GB)',
      'alpha fp32, batch 2 (16 GB)',
    ]);
  });
});
