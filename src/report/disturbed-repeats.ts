/** The caveat on disturbed repeats: how many, how many were measured again, and what that changed. */
import { setAside, withoutMarks } from '../journal/progress.ts';
import type { Disturbance } from '../journal/records.ts';
import { summarise } from '../metrics/summarise.ts';
import { throughput } from '../metrics/throughput.ts';
import type { CaveatContext } from './caveat-context.ts';
import type { Caveat } from './model.ts';
import { counted, formatNumber, formatShare } from './numbers.ts';

const NAMES: Readonly<Record<Disturbance, string>> = {
  'foreign-cpu': 'other programs',
  steal: 'stolen CPU time',
  'memory-pressure': 'waiting for memory',
};

export function disturbedRepeats(context: CaveatContext): Caveat[] {
  const cells = context.state.launches.flatMap((launch) => [...launch.cells.values()]);
  const marks = cells.flatMap((cell) => cell.marks);
  const disturbed = marks.filter(({ disturbedBy }) => disturbedBy.length > 0);
  if (disturbed.length === 0) return [];
  const aside = cells.flatMap((cell) => setAside(cell.marks)).filter(Boolean).length;
  const causes = [...new Set(disturbed.flatMap(({ disturbedBy }) => disturbedBy))].map((one) => NAMES[one]);
  const kept = disturbed.length - aside;
  return [
    {
      id: 'disturbed-repeats',
      severity: 'warning',
      text: [
        `${formatNumber(disturbed.length, 0)} of ${counted(marks.length, 'repeat')} ${disturbed.length === 1 ? 'was' : 'were'} disturbed (${causes.join(', ')}).`,
        aside === 0 ? '' : asideText(aside, context),
        kept === 0 ? '' : `${formatNumber(kept, 0)} stayed disturbed and ${kept === 1 ? 'counts' : 'count'}.`,
        'All of them are in the journal, with their marks.',
      ]
        .filter((sentence) => sentence !== '')
        .join(' '),
    },
  ];
}

function asideText(aside: number, context: CaveatContext): string {
  const change = largestChange(context);
  const effect =
    change === undefined
      ? ''
      : `: with ${aside === 1 ? 'it' : 'them'} the throughput of ${change.label} would be ${formatShare(Math.abs(change.ratio - 1))} ${change.ratio < 1 ? 'lower' : 'higher'}, that of any other cell would change less`;
  return `${formatNumber(aside, 0)} ${aside === 1 ? 'is' : 'are'} set aside, because the same launch measured ${aside === 1 ? 'it' : 'them'} again undisturbed${effect}.`;
}

/** The cell whose throughput changes most when every repeat counts; ratio = with all of them over as reported. */
function largestChange({
  input,
  state,
  rows,
  summaries,
}: CaveatContext): { readonly label: string; readonly ratio: number } | undefined {
  const all = summarise(input.cells, withoutMarks(state), [throughput], input.study.looks);
  return rows
    .flatMap(({ cellKey, label, cell }) => {
      const reported = summaries.get(cellKey)?.explore.estimates.get(throughput.id);
      const other = all.get(cellKey)?.explore.estimates.get(throughput.id);
      if (reported?.kind !== 'value' || other?.kind !== 'value') return [];
      return [{ label: `${label} at batch ${cell.batch}`, ratio: other.value.mean / reported.value.mean }];
    })
    .sort((a, b) => Math.abs(Math.log(b.ratio)) - Math.abs(Math.log(a.ratio)))[0];
}
