/** Numbers as a reader sees them: the same whatever the locale of the machine. */
import { type Say, same, type Words } from '../kernel/language.ts';
import type { Maybe } from '../kernel/maybe.ts';
import type { Estimate } from '../stats/estimate.ts';
import type { MetricColumn } from './model.ts';

/** Fixed digits, thousands apart by commas: `1,234.5`. */
export function formatNumber(value: number, digits: number): string {
  const [whole = '', fraction] = Math.abs(value).toFixed(digits).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const text = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  return value < 0 && Number(text.replaceAll(',', '')) !== 0 ? `-${text}` : text;
}

/** A mean with its interval in the shown unit: `87.1 [85.0, 89.2]`; the reason where there is no interval. */
export function formatEstimate(estimate: Estimate, scale: number, digits: number, say: Say): string {
  const number = (value: number): string => formatNumber(value * scale, digits);
  const mark = estimate.origin === 'predicted' ? say({ en: ' predicted', ja: ' 予測' }) : '';
  if (estimate.interval.kind === 'missing')
    return `${number(estimate.mean)} (${noIntervalText(estimate, say(estimate.interval.reason), say)})${mark}`;
  const { low, high } = estimate.interval.value;
  return `${number(estimate.mean)} [${number(low)}, ${number(high)}]${mark}`;
}

/** Why there is no interval; the usual reason in every language. */
const noIntervalText = ({ method }: Estimate, reason: string, say: Say): string =>
  method?.kind === 'single-launch' ? say({ en: reason, ja: '区間なし: 起動は 1 回' }) : reason;

/** Beside a mean in a table. */
export const NO_INTERVAL: Words = { en: 'no interval', ja: '区間なし' };

/** A cell of a table; a missing value is a dash, its reason stands in JSON and CSV. */
export function formatValue(value: Maybe<Estimate> | undefined, column: MetricColumn, say: Say): string {
  if (value?.kind !== 'value') return '–';
  const { interval, mean } = value.value;
  return interval.kind === 'missing'
    ? `${formatNumber(mean * column.scale, column.digits)} (${say(NO_INTERVAL)})`
    : formatEstimate(value.value, column.scale, column.digits, say);
}

/** As `formatValue`, in less width: `87.1 ±2.1`; both bounds where they are not equally far away. */
export function formatNarrow(value: Maybe<Estimate> | undefined, column: MetricColumn, say: Say): string {
  if (value?.kind !== 'value') return '–';
  const number = (one: number): string => formatNumber(one * column.scale, column.digits);
  const { interval, mean } = value.value;
  if (interval.kind === 'missing') return `${number(mean)} ±?`;
  const { low, high } = interval.value;
  return number(high - mean) === number(mean - low)
    ? `${number(mean)} ±${number((high - low) / 2)}`
    : formatValue(value, column, say);
}

/** A ratio with its interval: `1.12x [1.08, 1.16]`. */
export function formatRatio(ratio: Estimate): Words {
  const number = (value: number): string => formatNumber(value, value >= 10 ? 1 : 2);
  if (ratio.interval.kind === 'missing') {
    const start = `${number(ratio.mean)}x`;
    const { en, ja } = ratio.interval.reason;
    return { en: `${start} (${en})`, ja: `${start}（${ja}）` };
  }
  const { low, high } = ratio.interval.value;
  return same(`${number(ratio.mean)}x [${number(low)}, ${number(high)}]`);
}

/** `12.5 %` of 0.125. */
export const formatShare = (share: number, digits = 1): string => `${formatNumber(share * 100, digits)} %`;

/** `1 launch`, `2 launches`. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatNumber(count, 0)} ${count === 1 ? singular : plural}`;
}
