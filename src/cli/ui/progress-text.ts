/** Progress as text: lines that stay (plain), and lines that are redrawn (live). Pure. */

import stringWidth from 'string-width';
import { formatDuration } from '../../kernel/duration.ts';
import { assertNever } from '../../kernel/errors.ts';
import type { Say } from '../../kernel/language.ts';
import { failureWords } from '../../protocol/failure.ts';
import type { RunEvent } from '../../run/events.ts';
import { type ProgressState, progressFraction, remaining_ms } from './progress-state.ts';

/** The line that stays for `event`; undefined for events that only redraw. `state` is the one after the event. */
export function eventLine(
  event: RunEvent,
  state: ProgressState,
  now_ms: number,
  say: Say,
): string | undefined {
  switch (event.kind) {
    case 'run-planned': {
      const before = event.launchesBefore ?? 0;
      const resumed = before === 0 ? '' : say({ en: `, ${before} done before`, ja: `、${before} 件は済み` });
      const budget =
        event.budget_ms === undefined
          ? ''
          : say({
              en: `, budget ${formatDuration(event.budget_ms)}`,
              ja: `、予算 ${formatDuration(event.budget_ms)}`,
            });
      return say({
        en: `${event.cells} cells, ${event.launches} launches${resumed}; about ${formatDuration(event.estimated_ms)}${budget}`,
        ja: `${event.cells} セル、${event.launches} 起動${resumed}。約 ${formatDuration(event.estimated_ms)}${budget}`,
      });
    }
    case 'stage':
      return event.fraction >= 1
        ? say({ en: `${event.name.en}: done`, ja: `${event.name.ja}: 完了` })
        : undefined;
    case 'quiet-gate':
      return quietGateLine(event, say);
    case 'launch-started':
      return `${launchPlace(state, event, say)} ${state.launch ?? ''}${eta(state, now_ms, say)}`;
    case 'failure':
      return say({
        en: `failed: ${event.engine} ${event.precision}${event.label === undefined ? '' : ` ${event.label.en}`}: ${failureWords(event).en}`,
        ja: `失敗: ${event.engine} ${event.precision}${event.label === undefined ? '' : ` ${event.label.ja}`}: ${failureWords(event).ja}`,
      });
    case 'round-ended':
      return say({
        en: `round ${event.round} of ${event.of} ended${eta(state, now_ms, say)}`,
        ja: `ラウンド ${event.round}/${event.of} 終了${eta(state, now_ms, say)}`,
      });
    case 'phase-changed':
      return event.phase === 'confirm'
        ? say({ en: `confirming: ${event.reason.en}`, ja: `確認中: ${event.reason.ja}` })
        : say(event.reason);
    case 'finished':
      return say({
        en: `${say(OUTCOMES[event.outcome])} after ${formatDuration(event.elapsed_ms)}${failures(state, say)}`,
        ja: `${say(OUTCOMES[event.outcome])}、所要 ${formatDuration(event.elapsed_ms)}${failures(state, say)}`,
      });
    case 'repeat':
    case 'launch-ended':
    case 'budget':
      return undefined;
    default:
      return assertNever(event, 'run event');
  }
}

function quietGateLine(
  { state, waited_ms, bound_ms, foreignCpuShare }: Extract<RunEvent, { kind: 'quiet-gate' }>,
  say: Say,
): string {
  const cpus = foreignCpuShare?.toFixed(2) ?? '?';
  const waited = formatDuration(waited_ms);
  switch (state) {
    case 'waiting':
      return say({
        en: `waiting for a quiet machine, ${formatDuration(bound_ms)} at most: others use ${cpus} CPUs`,
        ja: `マシンが静かになるのを待っています（最長 ${formatDuration(bound_ms)}）: 他が ${cpus} CPU を使用中`,
      });
    case 'quiet':
      return say({ en: `quiet after ${waited}`, ja: `${waited} 待って静かになりました` });
    case 'bound-reached':
      return say({
        en: `not quiet within ${waited} (others use ${cpus} CPUs): measured all the same, and marked`,
        ja: `${waited} 以内に静かになりませんでした（他が ${cpus} CPU を使用）。印を付けて、そのまま測ります`,
      });
    default:
      return assertNever(state, 'state of the quiet gate');
  }
}

/** The lines at the bottom of a live terminal. */
export function liveLines(state: ProgressState, now_ms: number, columns: number, say: Say): string[] {
  const where =
    state.phase === 'confirm'
      ? say({ en: 'confirming', ja: '確認中' })
      : state.place === undefined
        ? say({ en: 'preparing', ja: '準備中' })
        : say({
            en: `round ${state.round}, launch ${state.place}`,
            ja: `ラウンド ${state.round}、起動 ${state.place}`,
          });
  const head = `${bar(progressFraction(state, now_ms))} ${where}${eta(state, now_ms, say)}${failures(state, say)}`;
  const now =
    state.stage !== undefined
      ? `${say(state.stage.name)} ${Math.floor(state.stage.fraction * 100)} %`
      : [state.launch, state.lastRepeat === undefined ? undefined : say(state.lastRepeat)]
          .filter((part) => part !== undefined)
          .join('  ');
  return [head, now].filter((line) => line !== '').map((line) => cut(line, Math.max(20, columns - 1)));
}

const OUTCOMES = {
  complete: { en: 'complete', ja: '完了' },
  budget: { en: 'budget used up', ja: '予算を使い切りました' },
  interrupted: { en: 'interrupted', ja: '中断' },
} as const;

function launchPlace(
  { phase }: ProgressState,
  event: Extract<RunEvent, { kind: 'launch-started' }>,
  say: Say,
): string {
  if (phase === 'confirm') return say({ en: 'confirming:', ja: '確認中:' });
  return say({
    en: `round ${event.round} [${String(event.index).padStart(String(event.of).length)}/${event.of}]:`,
    ja: `ラウンド ${event.round} [${String(event.index).padStart(String(event.of).length)}/${event.of}]: `,
  });
}

function eta(state: ProgressState, now_ms: number, say: Say): string {
  const left_ms = remaining_ms(state, now_ms);
  return left_ms === undefined
    ? ''
    : say({ en: `, about ${formatDuration(left_ms)} left`, ja: `、残り約 ${formatDuration(left_ms)}` });
}

const failures = ({ failures: count }: ProgressState, say: Say): string =>
  count === 0 ? '' : say({ en: `, ${count} failure${count === 1 ? '' : 's'}`, ja: `、失敗 ${count} 件` });

const BAR_WIDTH = 24;
const bar = (fraction: number): string => {
  const full = Math.round(fraction * BAR_WIDTH);
  return `${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)}`;
};

/** The beginning of `line` that fits into `columns`; a Japanese character takes two. */
function cut(line: string, columns: number): string {
  let width = 0;
  let end = 0;
  for (const character of line) {
    width += stringWidth(character);
    if (width > columns) break;
    end += character.length;
  }
  return line.slice(0, end);
}
