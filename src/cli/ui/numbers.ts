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

/** `0.8 s`, `48 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatDuration(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `4.2 %` of a share in [0, 1]. */
export const formatShare = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** Three significant digits, never in powers of ten below a million: `0.0123`, `1.23`, `12.3`, `1,234`. */
export function significant(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return Math.round(value).toLocaleString('en-US');
  return size === 0 ? '0' : Number(value.toPrecision(3)).toString();
}
