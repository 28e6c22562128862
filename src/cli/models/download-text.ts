/** The progress of a download as text. Pure. */

import type { HubProgress } from '../../hub/download.ts';
import { formatDuration } from '../../kernel/duration.ts';
import type { Say } from '../../kernel/language.ts';
import { formatBandwidth, formatBytes } from '../ui/numbers.ts';

/** `org/model: 1.2 GiB of 3.4 GiB (35 %), 40.1 MB/s, about 55 s left`. */
export function downloadLine({ model, bytes, totalBytes, bytesPerSecond }: HubProgress, say: Say): string {
  const share = totalBytes === 0 ? 1 : bytes / totalBytes;
  const place = say({
    en: `${model}: ${formatBytes(bytes)} of ${formatBytes(totalBytes)} (${Math.floor(share * 100)} %)`,
    ja: `${model}: ${formatBytes(bytes)} / ${formatBytes(totalBytes)}（${Math.floor(share * 100)} %）`,
  });
  if (bytesPerSecond === undefined || bytesPerSecond === 0) return place;
  const left = formatDuration(((totalBytes - bytes) / bytesPerSecond) * 1000);
  return `${place}, ${formatBandwidth(bytesPerSecond)}${bytes === totalBytes ? '' : say({ en: `, about ${left} left`, ja: `、残り約 ${left}` })}`;
}
