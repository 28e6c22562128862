/** Shows a download: a line that is redrawn on a terminal, a line every tenth of it elsewhere. On standard error. */
import { createLogUpdate } from 'log-update';
import type { Clock } from '../../host/host.ts';
import type { HubProgress } from '../../hub/download.ts';
import type { Terminal } from '../ui/terminal.ts';
import { downloadLine } from './download-text.ts';

export interface DownloadView {
  readonly onProgress: (progress: HubProgress) => void;
  /** Leaves the terminal as lines that stay. */
  close(): void;
}

const REDRAW_MS = 100;

export function downloadView(terminal: Terminal, clock: Clock): DownloadView {
  const draw = terminal.live ? createLogUpdate(terminal.errorStream) : undefined;
  let drawn_ms = Number.NEGATIVE_INFINITY;
  let shown = '';
  return {
    onProgress: (progress) => {
      const { bytes, totalBytes } = progress;
      if (draw !== undefined) {
        const now_ms = Number(clock.monotonic_ns() / 1_000_000n);
        if (now_ms - drawn_ms < REDRAW_MS && bytes < totalBytes) return;
        drawn_ms = now_ms;
        draw(downloadLine(progress, terminal.say));
        return;
      }
      const step = `${totalBytes} ${Math.floor((10 * bytes) / totalBytes)}`;
      if (step === shown) return;
      shown = step;
      terminal.writeError(downloadLine(progress, terminal.say));
    },
    close: () => draw?.done(),
  };
}
