/** Caveats about the machine while it was measured: other programs, warm-up, Hayasa's own load, roofs. */
import { marksOf, type RepeatMark } from '../journal/packed-repeats.ts';
import type { LaunchState } from '../journal/state.ts';
import { FOREIGN_CPU_LIMIT } from '../noise/disturbance.ts';
import { sum } from '../stats/moments.ts';
import type { CaveatContext } from './caveat-context.ts';
import type { Caveat } from './model.ts';
import { counted, formatNumber, formatShare } from './numbers.ts';

/** The share of a core that Hayasa's own controlling process may use while an engine is timed. */
const HARNESS_CPU_SHARE = 0.005;

export function disturbed({ state }: CaveatContext): Caveat[] {
  const gauged = state.launches.map(foreignShare).filter((share) => share !== undefined);
  const loud = gauged.filter((share) => share > FOREIGN_CPU_LIMIT);
  if (loud.length === 0) return [];
  return [
    {
      id: 'disturbed',
      severity: 'warning',
      text: {
        en: `Other processes took more than ${formatShare(FOREIGN_CPU_LIMIT, 0)} of a CPU in ${formatNumber(loud.length, 0)} of ${counted(gauged.length, 'launch', 'launches')} (at most ${formatShare(Math.max(...loud), 0)}). These launches are marked, not dropped.`,
        ja: `${formatNumber(gauged.length, 0)} 起動中 ${formatNumber(loud.length, 0)} 起動で、他のプロセスが CPU 1 個の ${formatShare(FOREIGN_CPU_LIMIT, 0)} を超えて使いました（最大 ${formatShare(Math.max(...loud), 0)}）。これらの起動には印を付けてあり、除いてはいません。`,
      },
    },
  ];
}

/** The largest foreign share of the launch's cells. */
function foreignShare(launch: LaunchState): number | undefined {
  const shares = [...launch.cells.values()].flatMap(({ measured }) => measured?.noise.foreignCpuShare ?? []);
  return shares.length === 0 ? undefined : Math.max(...shares);
}

export function unsteady({ state }: CaveatContext): Caveat[] {
  const warmed = state.launches.flatMap((launch) =>
    [...launch.cells.values()].flatMap(({ warmUp }) => warmUp ?? []),
  );
  const open = warmed.filter(({ steady }) => !steady).length;
  if (open === 0) return [];
  return [
    {
      id: 'warm-up',
      severity: 'warning',
      text: {
        en: `Warm-up did not become steady in ${formatNumber(open, 0)} of ${counted(warmed.length, 'case')}.`,
        ja: `${formatNumber(warmed.length, 0)} 件中 ${formatNumber(open, 0)} 件でウォームアップが定常になりませんでした。`,
      },
    },
  ];
}

/** CPU of the controlling process from request to answer, over the repeats of a cell in a launch. */
export function harnessLoad({ state }: CaveatContext): Caveat[] {
  const shares = state.launches.flatMap((launch) =>
    [...launch.cells.values()].flatMap(({ repeats }) => timedHarnessShare(marksOf(repeats)) ?? []),
  );
  const highest = Math.max(0, ...shares);
  if (highest <= HARNESS_CPU_SHARE) return [];
  return [
    {
      id: 'harness-load',
      severity: 'warning',
      text: {
        en: `Hayasa itself used up to ${formatShare(highest)} of a core while an engine was timed (its limit is ${formatShare(HARNESS_CPU_SHARE)}).`,
        ja: `エンジンの計測中に Hayasa 自身がコアの最大 ${formatShare(highest)} を使いました（上限は ${formatShare(HARNESS_CPU_SHARE)}）。`,
      },
    },
  ];
}

function timedHarnessShare(marks: readonly RepeatMark[]): number | undefined {
  const read = marks.flatMap(({ noise }) =>
    noise?.harnessCpuShare === undefined ? [] : [{ share: noise.harnessCpuShare, ns: noise.window_ns }],
  );
  const window_ns = sum(read.map(({ ns }) => ns));
  return window_ns === 0 ? undefined : sum(read.map(({ share, ns }) => share * ns)) / window_ns;
}

export function aboveRoof({ rows }: CaveatContext): Caveat[] {
  const above = rows.filter((row) => {
    const share = row.values['roofline-share'];
    return share?.kind === 'value' && share.value.mean > 1;
  });
  if (above.length === 0) return [];
  return [
    {
      id: 'above-roof',
      severity: 'warning',
      text: {
        en: `${counted(above.length, 'cell')} ran above the measured roofline: the roofs were measured while the machine was slower, or weights fit in the caches.`,
        ja: `${formatNumber(above.length, 0)} セルが実測のルーフラインを上回りました: ルーフを測ったときのほうがマシンが遅かったか、重みがキャッシュに収まっています。`,
      },
    },
  ];
}
