import { describe, expect, it } from 'vitest';
import { sayEnglish, sayIn } from '../../kernel/language.ts';
import { GB, machine, plan } from '../../plan/test-plan.ts';
import { launchTable, skippedSections } from './plan-cells.ts';

describe('launchTable', () => {
  it('has a column for whatever varies, so that no two cells look alike', () => {
    const made = plan('engines: [sim]\naxes: {batch: [1, 2], promptLengths: [equal, ragged]}');
    const lines = launchTable(made, () => [], sayEnglish).split('\n');
    expect(lines[0]).toContain('each cell: model tiny, device cpu');
    expect(lines[2]).toMatch(/^engine +precision +batch +prompt lengths +memory +time a round$/);
    const cells = lines.slice(3).map((line) =>
      line
        .replace(/^sim +fp32 \(32 bit\)/, '')
        .trim()
        .split(/ {2,}/)
        .slice(0, 2),
    );
    expect(cells.map((cell) => cell.join(' ')).sort()).toEqual([
      '1 equal',
      '1 ragged',
      '2 equal',
      '2 ragged',
    ]);
  });
});

describe('skippedSections', () => {
  const tooSmall = { ...machine, availableMemoryBytes: 0.6 * GB };
  const { skipped } = plan('engines: [sim]\naxes: {batch: [4000, 4001, 4002, 4003, 4004, 4005]}', {
    machine: tooSmall,
  });

  it('stands together by reason, with what each needs', () => {
    const [text = ''] = skippedSections(skipped, sayEnglish);
    const [title, ...lines] = text.split('\n');
    expect(title).toBe('left out (6 cells):');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^ {2}needs more memory than the 63\.1 MB that are available: sim fp32, batch 4000 \(about 525 MB: weights .*, KV cache .*\); .* and 2 more$/,
    );
    expect(skippedSections(skipped, sayIn('ja'))[0]).toContain('、他 2 件');
  });

  it('is not there where all cells run', () => {
    expect(skippedSections([], sayEnglish)).toEqual([]);
  });
});
