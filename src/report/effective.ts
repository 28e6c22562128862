/** Where an engine did something else than it was asked, said once per engine, precision and difference. */
import type { JournalState, LaunchState } from '../journal/state.ts';
import type { CaveatContext } from './caveat-context.ts';
import type { ReportCell } from './input.ts';
import { type PrecisionWords, precisionText } from './labels.ts';
import type { Caveat } from './model.ts';

/** Differences between requested and effective settings, as caveats. */
export function effectiveDifferences({ input, state }: CaveatContext): Caveat[] {
  const cells = new Map(input.cells.map((cell) => [cell.cellKey, cell]));
  const found = new Map<string, Caveat>();
  for (const launch of state.launches) {
    for (const cellKey of launch.started.cellKeys.slice(0, 1)) {
      const cell = cells.get(cellKey);
      if (cell !== undefined)
        for (const caveat of differences(cell, launch)) found.set(caveat.text.en, caveat);
    }
  }
  return [...found.values()];
}

function differences({ cell, engineLabel, precision }: ReportCell, { loaded }: LaunchState): Caveat[] {
  if (loaded === undefined) return [];
  const { effective } = loaded;
  const name = `${engineLabel} ${cell.precision}`;
  const [usual, did] = [precisionText(precision), precisionText(effective.precision)];
  return [
    ...(effective.threads === cell.threads
      ? []
      : [
          {
            id: 'effective-threads',
            severity: 'warning' as const,
            text: {
              en: `${name}: ${cell.threads} threads were requested, ${effective.threads} are effective.`,
              ja: `${name}: 要求した ${cell.threads} スレッドに対し、実際は ${effective.threads} スレッドです。`,
            },
          },
        ]),
    // An option of the study may have asked for it, so this is no warning.
    ...(usual.en === did.en
      ? []
      : [
          {
            id: 'effective-precision',
            severity: 'note' as const,
            text: {
              en: `${name}: ${did.en}, where this engine's default is ${usual.en}.`,
              ja: `${name}: ${did.ja}（このエンジンの既定は ${usual.ja}）。`,
            },
          },
        ]),
  ];
}

/** What the engines say that they did, by cell key: the precision of the first launch that loaded the cell. */
export function effectivePrecisions(state: JournalState): ReadonlyMap<string, PrecisionWords> {
  const found = new Map<string, PrecisionWords>();
  for (const { started, loaded } of state.launches) {
    for (const cellKey of loaded === undefined ? [] : started.cellKeys) {
      if (loaded !== undefined && !found.has(cellKey)) found.set(cellKey, loaded.effective.precision);
    }
  }
  return found;
}
