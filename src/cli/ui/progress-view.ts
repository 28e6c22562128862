/**
 * Shows a run while it goes on, on standard error. It draws when an event arrives (between repeats) and never by a
 * timer, so that it costs nothing while an engine is measured.
 */

import { createLogUpdate } from 'log-update';
import type { Clock } from '../../host/host.ts';
import type { Words } from '../../kernel/language.ts';
import type { OnRunEvent } from '../../run/events.ts';
import { advanceProgress, startProgress } from './progress-state.ts';
import { eventLine, liveLines } from './progress-text.ts';
import type { Terminal } from './terminal.ts';

export interface ProgressView {
  readonly onEvent: OnRunEvent;
  /** Leaves the terminal as lines that stay. */
  close(): void;
}

/** Figures are redrawn at most this often: short repeats would otherwise cost more to show than to make. */
const REDRAW_MS = 100;

/** Live on a terminal, plain lines elsewhere. */
export function progressView(terminal: Terminal, clock: Clock): ProgressView {
  const draw = terminal.live ? createLogUpdate(terminal.errorStream) : undefined;
  const now_ms = (): number => Number(clock.monotonic_ns() / 1_000_000n);
  let state = startProgress(now_ms());
  let drawn_ms = Number.NEGATIVE_INFINITY;
  return {
    onEvent: (event) => {
      const now = now_ms();
      state = advanceProgress(state, event, now);
      const line = eventLine(event, state, now, terminal.say);
      if (draw === undefined) {
        if (line !== undefined) terminal.writeError(line);
        return;
      }
      // Launches come and go in the redrawn lines; everything else stays above them.
      if (line !== undefined && event.kind !== 'launch-started') {
        draw.clear();
        terminal.writeError(line);
      }
      const frequent = event.kind === 'repeat' || event.kind === 'stage';
      if (frequent && now - drawn_ms < REDRAW_MS) return;
      drawn_ms = now;
      if (event.kind === 'finished') draw.clear();
      else draw(liveLines(state, now, terminal.columns, terminal.say).join('\n'));
    },
    close: () => draw?.done(),
  };
}

/** Progress of one piece of work in percent: redrawn on a terminal, a line every quarter elsewhere. */
export function stageView(terminal: Terminal): { show(name: Words, fraction: number): void; close(): void } {
  const draw = terminal.live ? createLogUpdate(terminal.errorStream) : undefined;
  let shown = '';
  return {
    show: (words, fraction) => {
      const name = terminal.say(words);
      const percent = Math.floor(Math.min(1, fraction) * 100);
      const step = draw === undefined ? Math.floor(percent / 25) * 25 : percent;
      const line = step === 0 && draw === undefined ? `${name} ...` : `${name}: ${step} %`;
      if (line === shown) return;
      shown = line;
      if (draw === undefined) terminal.writeError(line);
      else draw(line);
    },
    close: () => draw?.done(),
  };
}
