/** Finds the adapter of a declared engine, on demand: pure rooms never import one. */
import type { EngineAdapter } from './adapter.ts';
import type { EngineDeclaration } from './declaration.ts';
import { pythonAdapter } from './python-adapter.ts';

/**
 * The adapter of a declared engine: `src/engines/<id>/adapter.ts` exports `adapter`; Python engines share one.
 * @throws when the folder has none (a defect of the registry).
 */
export async function loadAdapter(declaration: EngineDeclaration): Promise<EngineAdapter> {
  if (declaration.worker.kind === 'python') return pythonAdapter(declaration.id, declaration.worker);
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const loaded = (await import(
    new URL(`./${declaration.id}/adapter.${extension}`, import.meta.url).href
  )) as {
    readonly adapter: EngineAdapter;
  };
  return loaded.adapter;
}
