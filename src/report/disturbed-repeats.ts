/** The caveat on disturbed repeats: how many, how many were measured again, and what that changed. */
import { marksOf, repeatCount } from '../journal/packed-repeats.ts';
import { setAside, withoutMarks } from '../journal/progress.ts';
import type { Words } from '../kernel/language.ts';
import { summarise } from '../metrics/summarise.ts';
import { throughput } from '../metrics/throughput.ts';
import { DISTURBANCE_NAMES } from '../noise/disturbance.ts';
import type { CaveatContext } from './caveat-context.ts';
import { joined } from './joined.ts';
import type { Caveat } from './model.ts';
import { counted, formatNumber, formatShare } from './numbers.ts';

export function disturbedRepeats(context: CaveatContext): Caveat[] {
  const cells = context.state.launches.flatMap((launch) => [...launch.cells.values()]);
  const marked = cells
    .filter(({ repeats }) => repeats.some((group) => group.marked))
    .map(({ repeats }) => marksOf(repeats));
  const disturbed = marked.flat().filter(({ disturbedBy }) => disturbedBy.length > 0);
  if (disturbed.length === 0) return [];
  const aside = marked.flatMap(setAside).filter(Boolean).length;
  const repeats = cells.reduce((total, cell) => total + repeatCount(cell.repeats), 0);
  const causes = [...new Set(disturbed.flatMap(({ disturbedBy }) => disturbedBy))].map(
    (one) => DISTURBANCE_NAMES[one],
  );
  const kept = disturbed.length - aside;
  return [
    {
      id: 'disturbed-repeats',
      severity: 'warning',
      text: joined([
        {
          en: `${formatNumber(disturbed.length, 0)} of ${counted(repeats, 'repeat')} ${disturbed.length === 1 ? 'was' : 'were'} disturbed (${causes.map(({ en }) => en).join(', ')}).`,
          ja: `${formatNumber(repeats, 0)} 反復中 ${formatNumber(disturbed.length, 0)} 反復が乱されました（${causes.map(({ ja }) => ja).join('、')}）。`,
        },
        ...(aside === 0 ? [] : [asideText(aside, context)]),
        ...(kept === 0
          ? []
          : [
              {
                en: `${formatNumber(kept, 0)} stayed disturbed and ${kept === 1 ? 'counts' : 'count'}.`,
                ja: `${formatNumber(kept, 0)} 反復は乱れたまま数えています。`,
              },
            ]),
        {
          en: 'All of them are in the journal, with their marks.',
          ja: 'いずれも印とともにジャーナルにあります。',
        },
      ]),
    },
  ];
}

function asideText(aside: number, context: CaveatContext): Words {
  const change = largestChange(context);
  const them = aside === 1 ? 'it' : 'them';
  const share = formatShare(Math.abs((change?.ratio ?? 1) - 1));
  const [lower, lowerJa] =
    (change?.ratio ?? 1) < 1 ? (['lower', '低く'] as const) : (['higher', '高く'] as const);
  return {
    en: `${formatNumber(aside, 0)} ${aside === 1 ? 'is' : 'are'} set aside, because the same launch measured ${them} again undisturbed${
      change === undefined
        ? ''
        : `: with ${them} the throughput of ${change.label.en} would be ${share} ${lower}, that of any other cell would change less`
    }.`,
    ja: `${formatNumber(aside, 0)} 反復は、同じ起動で乱されずに測り直したので除いています${
      change === undefined
        ? ''
        : `。含めた場合、${change.label.ja} のスループットは ${share} ${lowerJa}なり、他のセルの変化はそれより小さくなります`
    }。`,
  };
}

/** The cell whose throughput changes most when every repeat counts; ratio = with all of them over as reported. */
function largestChange({
  input,
  state,
  rows,
  summaries,
}: CaveatContext): { readonly label: Words; readonly ratio: number } | undefined {
  const all = summarise(input.cells, withoutMarks(state), [throughput], input.study.looks);
  return rows
    .flatMap(({ cellKey, label, cell }) => {
      const reported = summaries.get(cellKey)?.explore.estimates.get(throughput.id);
      const other = all.get(cellKey)?.explore.estimates.get(throughput.id);
      if (reported?.kind !== 'value' || other?.kind !== 'value') return [];
      return [
        {
          label: { en: `${label} at batch ${cell.batch}`, ja: `${label}（バッチ ${cell.batch}）` },
          ratio: other.value.mean / reported.value.mean,
        },
      ];
    })
    .sort((a, b) => Math.abs(Math.log(b.ratio)) - Math.abs(Math.log(a.ratio)))[0];
}
