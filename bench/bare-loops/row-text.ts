/** A row for people. */
import type { Row } from './compare.ts';

export function rowText(row: Row): string {
  const { engine, baseline, work, noise } = row;
  return [
    `${engine} / ${baseline}`,
    `${work.precision} batch ${work.batch} ${work.input}+${work.output}`,
    ratioText(row),
    `${row.engineTokensPerSecond.toFixed(1)} / ${row.baselineTokensPerSecond.toFixed(1)} tokens/s`,
    `foreign CPU ${noise.foreignCpuShare?.toFixed(2) ?? '-'}`,
    row.sameTokens ? 'same tokens' : 'OTHER TOKENS',
  ].join('  ');
}

/** `1.002 (0.996 to 1.008)` */
export function ratioText({ ratio }: Pick<Row, 'ratio'>): string {
  if (ratio.kind === 'missing') return ratio.reason.en;
  const { mean, interval } = ratio.value;
  const range =
    interval.kind === 'missing'
      ? interval.reason.en
      : `${interval.value.low.toFixed(3)} to ${interval.value.high.toFixed(3)}`;
  return `${mean.toFixed(3)} (${range})`;
}
