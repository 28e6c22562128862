/** Cells that compute something else than the study's model: an engine's control. Pure. */
import type { Cell } from '../axes/cell.ts';
import type { Words } from '../kernel/language.ts';
import { engineDeclaration } from './declarations.ts';

/** What `cell` computes instead of the model, by its engine's declaration; undefined where it is the model. */
export const otherWork = ({ engine, options }: Pick<Cell, 'engine' | 'options'>): Words | undefined =>
  engineDeclaration(engine)?.otherWork?.(options);
