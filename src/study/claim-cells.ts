/** Whether the cells that claims speak of are in the study at all: a typing error must not become "not measured". */

import { type CellPattern, matches, type NamedCell } from '../axes/pattern.ts';
import { valueOnAxis } from '../axes/registry.ts';
import type { EngineDeclaration } from '../engines/declaration.ts';
import type { Words } from '../kernel/language.ts';
import type { Claim } from '../verdicts/claim.ts';
import { findClaimKind } from '../verdicts/registry.ts';
import { axisIssue, type ClaimIssue } from './claims.ts';
import { studyProduct } from './product.ts';
import type { Study } from './study.ts';

/** `threads: all` in a study whose machine is not known yet: no machine has so many. */
const ALL_THREADS = Number.MAX_SAFE_INTEGER;

/** Selections without a cell, and axes with fewer than two values, each with its place. */
export function emptySelections(study: Study, engines: readonly EngineDeclaration[]): ClaimIssue[] {
  if (study.claims.length === 0) return [];
  const declarations = new Map(engines.map((engine) => [engine.id, engine]));
  const declarationOf = (id: string): EngineDeclaration => {
    const declaration = declarations.get(id);
    if (declaration === undefined) throw new RangeError(`no engine ${id}: the study was not checked`);
    return declaration;
  };
  const models = study.models.map(({ name }) => ({ name, modelHash: name }));
  const cells = [...studyProduct(study, models, declarationOf, ALL_THREADS)].filter(
    ({ excludedBy }) => excludedBy === undefined,
  );
  return study.claims.flatMap((claim, index) =>
    issuesOf(claim, cells).map((issue) => placed(issue, claim, index)),
  );
}

function issuesOf(claim: Claim, cells: readonly NamedCell[]): { path: string; message: Words }[] {
  return (findClaimKind(claim.kind)?.selected(claim.parameters) ?? []).flatMap(
    ({ path, patterns, along }) => {
      const chosen = cells.filter((cell) =>
        patterns.every((one: CellPattern) => matches(one, cell, ALL_THREADS)),
      );
      if (chosen.length === 0)
        return [
          {
            path,
            message: { en: 'no cell of the study matches', ja: 'スタディのどのセルにも当てはまりません' },
          },
        ];
      if (along === undefined) return [];
      const values = new Set(chosen.map(({ cell }) => valueOnAxis(cell, along)));
      return values.size < 2 ? [{ path, message: axisIssue(along, values.size) }] : [];
    },
  );
}

/** At the field itself, or at the claim where the field was left out. */
const placed = (
  { path, message }: { path: string; message: Words },
  claim: Claim,
  index: number,
): ClaimIssue => ({
  path: ['claims', index, ...(claim.parameters[path] === undefined ? [] : [path])],
  message,
});
