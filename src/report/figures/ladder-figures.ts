/** The figures of a report's ladders: two for each, and one of the study's engines by technique. */
import type { Report } from '../model.ts';
import type { MadeFigure } from './figure.ts';
import { kvMemoryFigure } from './kv-memory-figure.ts';
import { ladderFigure } from './ladder-figure.ts';
import { techniquesFigure } from './techniques-figure.ts';
import { WORDS } from './words.ts';

export const TECHNIQUES_FIGURE = 'engines-by-technique';

/** Id of the figure of a ladder's KV-cache memory. */
export const kvFigureId = (ladderId: string): string => `${ladderId}-kv-cache`;

/** Figures by id: a ladder's own id, `<id>-kv-cache`, `engines-by-technique`; none where a report has no ladder. */
export function ladderFigures({
  ladders = [],
  language = 'en',
}: Report): (MadeFigure & { readonly id: string })[] {
  const words = WORDS[language];
  return [
    ...ladders.flatMap((section) => [
      { id: section.id, title: section.title, spec: ladderFigure(section, language) },
      { id: kvFigureId(section.id), title: words.kvTitle, spec: kvMemoryFigure(section, language) },
    ]),
    { id: TECHNIQUES_FIGURE, title: words.techniquesTitle, spec: techniquesFigure(ladders, language) },
  ].flatMap(({ id, title, spec }) => (spec === undefined ? [] : [{ id, title, spec }]));
}
