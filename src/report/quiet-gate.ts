/** The caveat on waits for a quiet machine: how long, and before how many launches in vain. */
import type { CaveatContext } from './caveat-context.ts';
import { joined } from './joined.ts';
import type { Caveat } from './model.ts';
import { counted, formatNumber } from './numbers.ts';

export function quietGate({ state }: CaveatContext): Caveat[] {
  const waits = state.quietGates;
  if (waits.length === 0) return [];
  const total_s = waits.reduce((sum, { waited_ns }) => sum + waited_ns, 0) / 1e9;
  const vain = waits.filter(({ outcome }) => outcome === 'bound-reached').length;
  const unread = waits.filter(({ outcome }) => outcome === 'not-readable').length;
  return [
    {
      id: 'quiet-gate',
      severity: vain + unread > 0 ? 'warning' : 'note',
      text: joined([
        {
          en: `A quiet machine was waited for before ${counted(waits.length, 'launch', 'launches')}, ${formatNumber(total_s, 0)} s in all.`,
          ja: `${formatNumber(waits.length, 0)} 回の起動の前に、マシンが静かになるのを待ちました（合計 ${formatNumber(total_s, 0)} 秒）。`,
        },
        ...(vain === 0
          ? []
          : [
              {
                en: `Before ${formatNumber(vain, 0)} of them it did not become quiet within the bound: they were made all the same, and are marked in the journal.`,
                ja: `そのうち ${formatNumber(vain, 0)} 回は上限の時間内に静かになりませんでした。それでも起動し、ジャーナルに印を付けました。`,
              },
            ]),
        ...(unread === 0
          ? []
          : [
              {
                en: 'What other programs do cannot be read on this system.',
                ja: 'このシステムでは、他のプログラムの動作を読み取れません。',
              },
            ]),
      ]),
    },
  ];
}
