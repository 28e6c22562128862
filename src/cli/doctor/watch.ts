/**
 * `doctor --watch`: what the machine does, window by window, until the time is up or Ctrl-C, and a summary of it all. On a
 * terminal the last windows are redrawn; elsewhere every window is a line, or a JSON object.
 */
import { createLogUpdate } from 'log-update';
import type { Host } from '../../host/host.ts';
import type { Noise } from '../../journal/record-parts.ts';
import { machineGauges } from '../../machine/gauges.ts';
import { MINIMUM_NOISE_WINDOW_MS } from '../../machine/noise.ts';
import type { Terminal } from '../ui/terminal.ts';
import { summaryText, type WatchedWindow, watchedWindow, watchSummary, windowText } from './watch-text.ts';

export interface WatchOptions {
  readonly json: boolean;
  /** Undefined: until Ctrl-C. */
  readonly for_ms: number | undefined;
}

/** Windows that stay in view on a terminal. */
const IN_VIEW = 15;
/** A window that Ctrl-C cuts shorter than this says too little, unless there is no other. */
const LEAST_WINDOW_NS = 1_000_000_000;

export async function watchNoise(
  host: Host,
  terminal: Terminal,
  options: WatchOptions,
  signal: AbortSignal,
): Promise<void> {
  const { clock } = host;
  const gauges = machineGauges(host);
  const draw =
    terminal.live && terminal.outputIsTerminal && !options.json
      ? createLogUpdate(terminal.errorStream)
      : undefined;
  const begin_ns = clock.monotonic_ns();
  const elapsed_ms = (): number => Number(clock.monotonic_ns() - begin_ns) / 1e6;
  const left_ms = (): number => (options.for_ms ?? Number.POSITIVE_INFINITY) - elapsed_ms();
  const windows: WatchedWindow[] = [];
  const show = (window: WatchedWindow): void => {
    if (options.json) terminal.write(JSON.stringify({ kind: 'noise', ...window }));
    else if (draw === undefined) terminal.write(windowText(window, terminal.say));
    else
      draw(
        [
          ...windows.slice(-IN_VIEW).map((one) => windowText(one, terminal.say)),
          '',
          terminal.say({ en: 'Ctrl-C ends', ja: 'Ctrl-C で終わります' }),
        ].join('\n'),
      );
  };
  while (!signal.aborted && left_ms() > 0) {
    const close = gauges.openNoiseWindow(undefined);
    await clock.sleep(Math.min(MINIMUM_NOISE_WINDOW_MS, left_ms()), signal);
    const noise: Noise = close();
    if (windows.length > 0 && noise.window_ns < LEAST_WINDOW_NS) break;
    const window = watchedWindow(elapsed_ms(), noise);
    windows.push(window);
    show(window);
  }
  draw?.clear();
  const summary = watchSummary(windows);
  terminal.write(
    options.json ? JSON.stringify({ kind: 'summary', ...summary }) : summaryText(summary, terminal.say),
  );
}
