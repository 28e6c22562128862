/** Where an engine did something else than it was asked, said once per engine, precision and difference. */
import type { LaunchState } from '../journal/state.ts';
import type { CaveatContext } from './caveat-context.ts';
import type { ReportCell } from './input.ts';
import { precisionText } from './labels.ts';
import type { Caveat } from './model.ts';

/** Differences between requested and effective settings, as caveats. */
export function effectiveDifferences({ input, state }: CaveatContext): Caveat[] {
  const cells = new Map(input.cells.map((cell) => [cell.cellKey, cell]));
  const lines = new Set<string>();
  for (const launch of state.launches) {
    for (const cellKey of launch.started.cellKeys.slice(0, 1)) {
      const cell = cells.get(cellKey);
      if (cell !== undefined) for (const line of differences(cell, launch)) lines.add(line);
    }
  }
  return [...lines].map((text) => ({ id: 'effective-differs', severity: 'warning', text }));
}

function differences({ cell, engineLabel, precision }: ReportCell, { loaded }: LaunchState): string[] {
  if (loaded === undefined) return [];
  const { effective } = loaded;
  const name = `${engineLabel} ${cell.precision}`;
  const wanted = precisionText(precision);
  const did = precisionWords(effective.precision);
  return [
    ...(effective.threads === cell.threads
      ? []
      : [`${name}: ${cell.threads} threads were requested, ${effective.threads} are effective.`]),
    ...(wanted === did ? [] : [`${name}: declared as ${wanted}; effective is ${did}.`]),
  ];
}

/** `precisionText` of a record in the engine's words. */
function precisionWords(effective: {
  readonly weights: string;
  readonly activations: string;
  readonly kvCache: string;
}): string {
  const { weights, activations, kvCache } = effective;
  if (weights === activations && activations === kvCache) return weights;
  return `${weights} weights, ${activations} activations, ${kvCache} KV cache`;
}
