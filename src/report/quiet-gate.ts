/** The caveat on waits for a quiet machine: how long, and before how many launches in vain. */
import type { CaveatContext } from './caveat-context.ts';
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
      text: [
        `A quiet machine was waited for before ${counted(waits.length, 'launch', 'launches')}, ${formatNumber(total_s, 0)} s in all.`,
        vain === 0
          ? ''
          : `Before ${formatNumber(vain, 0)} of them it did not become quiet within the bound: they were made all the same, and are marked in the journal.`,
        unread === 0 ? '' : 'What other programs do cannot be read on this system.',
      ]
        .filter((sentence) => sentence !== '')
        .join(' '),
    },
  ];
}
