/** Numbers as people read them: three significant digits, units of the field. */
import prettyBytes from 'pretty-bytes';

/** `1.5 GiB`: memory and files, in powers of 1,024. */
export const formatBytes = (bytes: number): string => prettyBytes(bytes, { binary: true });

/** `41.2 GB/s`: bandwidth, in powers of 1,000 as memory's makers count. */
export const formatBandwidth = (bytesPerSecond: number): string => `${prettyBytes(bytesPerSecond)}/s`;

const FLOP_UNITS = [
  [1e12, 'TFLOP/s'],
  [1e9, 'GFLOP/s'],
  [1e6, 'MFLOP/s'],
] as const;

/** `182 GFLOP/s`; integer arithmetic counts the same way, as `GOP/s`. */
export function formatRate(operationsPerSecond: number, dtype: string): string {
  const [scale, unit] = FLOP_UNITS.find(([size]) => operationsPerSecond >= size) ?? [1, 'FLOP/s'];
  return `${significant(operationsPerSecond / scale)} ${dtype.startsWith('int') ? unit.replace('FLOP', 'OP') : unit}`;
}

/** `4.2 %` of a share in [0, 1]. */
export const formatShare = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** Three significant digits, never in powers of ten below a million: `0.0123`, `1.23`, `12.3`, `1,234`. */
export function significant(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return Math.round(value).toLocaleString('en-US');
  return size === 0 ? '0' : Number(value.toPrecision(3)).toString();
}
