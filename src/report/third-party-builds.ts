/** Builds that are not their makers': an engine records `thirdPartyBuild`, and what was measured is that build. */
import type { CaveatContext } from './caveat-context.ts';
import type { Caveat } from './model.ts';

/** One line for each build. */
export function thirdPartyBuilds({ input, state }: CaveatContext): Caveat[] {
  const cells = new Map(input.cells.map((cell) => [cell.cellKey, cell]));
  const engines = new Map<string, Set<string>>();
  for (const { started, loaded } of state.launches) {
    const build = loaded?.effective.settings['thirdPartyBuild'];
    if (build === undefined) continue;
    const labels = engines.get(String(build)) ?? new Set();
    engines.set(String(build), labels);
    for (const cellKey of started.cellKeys) {
      const label = cells.get(cellKey)?.engineLabel;
      if (label !== undefined) labels.add(label);
    }
  }
  return [...engines].map(([build, labels]) => ({
    id: 'third-party-build',
    severity: 'note',
    text: {
      en: `${[...labels].sort().join(', ')}: measured in ${build}, a third-party build, not its makers'.`,
      ja: `${[...labels].sort().join('、')}: 開発元のものではない第三者のビルド ${build} で測定しました。`,
    },
  }));
}
