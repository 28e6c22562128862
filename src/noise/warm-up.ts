/**
 * Warm-up was not over: the first repeat of a launch is slower than its last, launch for launch. Repeats without a trend may
 * change places, so that the difference is symmetric around 0: Wilcoxon's signed-rank test, one-sided.
 */
import { quantile } from '../stats/quantiles.ts';
import { signedRankP } from '../stats/signed-rank.ts';
import { ALARM_LEVEL, type Finding, percent } from './finding.ts';
import { relative, type SpeedSeries } from './series.ts';

const NOTABLE_SLOWNESS = 0.02;

export function warmUpNotOver(series: readonly SpeedSeries[]): Finding[] {
  const differences = series.flatMap(({ launches }) =>
    launches.flatMap(({ repeats }) => {
      const [first, last] = [repeats[0], repeats.at(-1)];
      if (first === undefined || last === undefined || repeats.length < 2) return [];
      return [first.logSpeed - last.logSpeed];
    }),
  );
  const middle = quantile(differences, 0.5);
  const effect = relative(middle.kind === 'value' ? middle.value : 0);
  if (effect > -NOTABLE_SLOWNESS) return [];
  const p = signedRankP(differences.map((difference) => -difference));
  if (p >= ALARM_LEVEL) return [];
  return [
    {
      kind: 'warm-up-not-over',
      evidence: {
        test: 'Wilcoxon signed rank, first against last repeat of a launch',
        points: differences.length,
        p,
        effect,
      },
      sentence: {
        en: `Warm-up was not over: the first repeat of a launch was ${percent(effect)} slower than its last (median of ${differences.length} launches of cells). Raise warmUp.maximum or warmUp.tokens in the study.`,
        ja: `ウォームアップが終わっていません: 起動の最初の反復は最後の反復より ${percent(effect)} 遅い（セルの ${differences.length} 起動の中央値）。スタディの warmUp.maximum か warmUp.tokens を増やしてください。`,
      },
    },
  ];
}
