/** Runs one case of the contract against one engine; whatever a case throws is a problem of the engine. */
import { messageOf } from '../../kernel/errors.ts';
import type { EngineDeclaration } from '../declaration.ts';
import type { Bench, ContractCase, Findings } from './case.ts';
import { CONTRACT_CASES } from './cases.ts';

export type Ruling =
  | { readonly kind: 'inapplicable'; readonly reason: string }
  /** Named in the declaration, with its reason. */
  | { readonly kind: 'exception'; readonly reason: string }
  | { readonly kind: 'runs' };

/** Whether `contractCase` runs against this engine, and if not, why. */
export function ruling(contractCase: ContractCase, declaration: EngineDeclaration): Ruling {
  const inapplicable = contractCase.inapplicable(declaration);
  if (inapplicable !== undefined) return { kind: 'inapplicable', reason: inapplicable };
  const exception = declaration.conformanceExceptions[contractCase.name];
  return exception === undefined ? { kind: 'runs' } : { kind: 'exception', reason: exception };
}

export async function runCase(contractCase: ContractCase, bench: Bench): Promise<Findings> {
  try {
    return await contractCase.run(bench);
  } catch (error) {
    return { problems: [messageOf(error)], notes: [] };
  }
}

/** Exceptions that name no case: a renamed case must not silence itself. */
export function unknownExceptions(declaration: EngineDeclaration): string[] {
  const names = new Set(CONTRACT_CASES.map(({ name }) => name));
  return Object.keys(declaration.conformanceExceptions).filter((name) => !names.has(name));
}
