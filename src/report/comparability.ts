/** What an engine's own declaration says about comparing it: notes on its environment, and cells that are controls. */
import type { Cell } from '../axes/cell.ts';
import { engineDeclaration } from '../engines/declarations.ts';
import { otherWork } from '../engines/other-work.ts';
import { once } from '../kernel/language.ts';
import type { Caveat } from './model.ts';

/** Notes of the engines among `cells` that stand beside another engine, and what controls there are. */
export function comparabilityCaveats(cells: readonly Cell[]): Caveat[] {
  const engines = [...new Set(cells.map(({ engine }) => engine))];
  const notes = engines.flatMap((id): Caveat[] => {
    const declaration = engineDeclaration(id);
    if (declaration?.comparisonNote === undefined || engines.length === 1) return [];
    return [
      {
        id: 'own-environment',
        severity: 'warning',
        text: {
          en: `${declaration.title} beside other engines: ${declaration.comparisonNote.en}.`,
          ja: `${declaration.title} を他のエンジンと並べる場合: ${declaration.comparisonNote.ja}。`,
        },
      },
    ];
  });
  const works = once(cells.flatMap((cell) => otherWork(cell) ?? []));
  return [
    ...notes,
    ...works.map(
      (work): Caveat => ({
        id: 'other-work',
        severity: 'note',
        text: {
          en: `Some cells are controls: ${work.en}. They are held against each other only and compete for no answer.`,
          ja: `対照のセルがあります: ${work.ja}。対照どうしでだけ比べ、答えの候補にはしません。`,
        },
      }),
    ),
  ];
}
