import { describe, expect, it } from 'vitest';
import type { ReportCell } from '../report/input.ts';
import { parseSelection, selects, sharedPart } from './selection.ts';

const cellOf = (engineVersion: string | undefined): ReportCell =>
  ({
    cellKey: engineVersion ?? 'none',
    engineLabel: 'transformers',
    cell: { engine: 'transformers', engineVersion, batch: 1, options: { attention: 'eager' } },
  }) as unknown as ReportCell;

const takes = (text: string, cell: ReportCell): boolean => {
  const parsed = parseSelection(text, '--a');
  return parsed.kind === 'selection' && selects(parsed.selection, cell);
};

describe('versions in a selection', () => {
  it('regression: a cell whose study names no version could not be compared with one of an older version', () => {
    const [first, older] = [cellOf(undefined), cellOf('4.33')];
    expect([takes('version=default', first), takes('version=default', older)]).toEqual([true, false]);
    expect([takes('version=4.33', first), takes('version=4.33', older)]).toEqual([false, true]);
    expect(sharedPart(first.cell, new Set(['version']))).toEqual(
      sharedPart(older.cell, new Set(['version'])),
    );
  });
});
