/** The declaration of an engine as it holds in one of its version sets. Pure. */
import { type EngineDeclaration, unsupported } from './declaration.ts';

/** `declaration` with the differences of `versionSet`; itself where none are declared, or no version was asked for. */
export function inVersionSet(
  declaration: EngineDeclaration,
  versionSet: string | undefined,
): EngineDeclaration {
  const differences = versionSet === undefined ? undefined : declaration.versionDifferences?.[versionSet];
  if (differences === undefined) return declaration;
  const { precisions, capabilities, conformanceExceptions } = differences;
  return {
    ...declaration,
    title: `${declaration.title} (${versionSet})`,
    precisions: precisions ?? declaration.precisions,
    capabilities: { ...declaration.capabilities, ...capabilities },
    supports: (cell, shape) => {
      const lacking = differences.lacks?.(cell);
      return lacking === undefined ? declaration.supports(cell, shape) : unsupported(lacking);
    },
    conformanceExceptions: { ...declaration.conformanceExceptions, ...conformanceExceptions },
  };
}
