/** Windows of `doctor --watch` and their summary, as data and as text. Pure. */

import type { Disturbance, Noise } from '../../journal/record-parts.ts';
import { formatDuration } from '../../kernel/duration.ts';
import type { Say } from '../../kernel/language.ts';
import { noiseTexts } from '../../metrics/noise-figures.ts';
import { DISTURBANCE_NAMES, disturbances, FOREIGN_CPU_LIMIT } from '../../noise/disturbance.ts';

export interface WatchedWindow {
  /** At its end, since watching began. */
  readonly elapsed_ms: number;
  readonly noise: Noise;
  /** Why a repeat in this window would be marked; empty where it would not. */
  readonly disturbedBy: readonly Disturbance[];
}

export interface WatchSummary {
  readonly windows: number;
  readonly time_ms: number;
  /** Windows that would have disturbed a repeat. */
  readonly disturbed: number;
  /** CPU seconds per second; absent where they cannot be read. */
  readonly meanForeignCpuShare?: number;
  readonly largestForeignCpuShare?: number;
  readonly meanStealShare?: number;
}

export const watchedWindow = (elapsed_ms: number, noise: Noise): WatchedWindow => ({
  elapsed_ms,
  noise,
  disturbedBy: disturbances(noise),
});

/** `   4 s  Foreign CPU 42.0 %  Stolen CPU 0.0 %  ...  disturbed (foreign-cpu)` */
export function windowText({ elapsed_ms, noise, disturbedBy }: WatchedWindow, say: Say): string {
  const figures = noiseTexts(noise).map(({ title, text }) => `${say(title)} ${text.padStart(7)}`);
  return [
    `${Math.round(elapsed_ms / 1000)} s`.padStart(7),
    ...(figures.length === 0
      ? [say({ en: 'nothing can be read on this system', ja: 'このシステムでは何も読めません' })]
      : figures),
    ...(disturbedBy.length === 0
      ? []
      : [
          say({
            en: `disturbed (${disturbedBy.join(', ')})`,
            ja: `攪乱（${disturbedBy.map((cause) => DISTURBANCE_NAMES[cause].ja).join('、')}）`,
          }),
        ]),
  ].join('  ');
}

export function watchSummary(windows: readonly WatchedWindow[]): WatchSummary {
  const time_ns = windows.reduce((sum, { noise }) => sum + noise.window_ns, 0);
  const figures = (name: 'foreignCpuShare' | 'stealShare') =>
    windows.flatMap(({ noise }) =>
      noise[name] === undefined ? [] : [{ share: noise[name], ns: noise.window_ns }],
    );
  const mean = (of: readonly { readonly share: number; readonly ns: number }[]): number =>
    of.reduce((sum, { share, ns }) => sum + share * ns, 0) / of.reduce((sum, { ns }) => sum + ns, 0);
  const foreign = figures('foreignCpuShare');
  const steal = figures('stealShare');
  return {
    windows: windows.length,
    time_ms: Math.round(time_ns / 1e6),
    disturbed: windows.filter(({ disturbedBy }) => disturbedBy.length > 0).length,
    ...(foreign.length === 0
      ? {}
      : {
          meanForeignCpuShare: mean(foreign),
          largestForeignCpuShare: Math.max(...foreign.map(({ share }) => share)),
        }),
    ...(steal.length === 0 ? {} : { meanStealShare: mean(steal) }),
  };
}

export function summaryText(summary: WatchSummary, say: Say): string {
  const { windows, time_ms, disturbed, meanForeignCpuShare, largestForeignCpuShare, meanStealShare } =
    summary;
  if (windows === 0) return say({ en: 'Nothing was watched.', ja: '何も見ていません。' });
  const over = say({ en: `Over ${formatDuration(time_ms)}:`, ja: `${formatDuration(time_ms)} の間、` });
  if (meanForeignCpuShare === undefined || largestForeignCpuShare === undefined) {
    return say({
      en: `${over} what other programs do cannot be read on this system.`,
      ja: `${over}このシステムでは他のプログラムの動きを読めません。`,
    });
  }
  const cpus = (share: number): string =>
    say({ en: `${share.toFixed(2)} CPUs`, ja: `${share.toFixed(2)} CPU` });
  return [
    say({
      en: `${over} other programs used ${cpus(meanForeignCpuShare)} on average, at most ${cpus(largestForeignCpuShare)}`,
      ja: `${over}他のプログラムは平均 ${cpus(meanForeignCpuShare)}、最大 ${cpus(largestForeignCpuShare)} を使いました`,
    }),
    ...(meanStealShare === undefined
      ? []
      : [
          say({
            en: `; the hypervisor took ${cpus(meanStealShare)} away`,
            ja: `。ハイパーバイザーが奪ったのは ${cpus(meanStealShare)} です`,
          }),
        ]),
    say({
      en: `. ${disturbed} of ${windows} window${windows === 1 ? '' : 's'} would have disturbed a repeat (a limit of ${FOREIGN_CPU_LIMIT.toFixed(2)} CPUs for other programs).`,
      ja: `。${windows} 個の窓のうち ${disturbed} 個は反復を攪乱したはずです（他のプログラムの限度は ${FOREIGN_CPU_LIMIT.toFixed(2)} CPU）。`,
    }),
  ].join('');
}
