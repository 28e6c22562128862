/** The roofs of the machine, which a run measures at its first invocation. */
import type { EngineDeclaration } from '../engines/declaration.ts';
import type { Host } from '../host/host.ts';
import { measureRoofs } from '../machine/roofs/roofs.ts';
import type { OnRunEvent } from './events.ts';
import type { OpenRun } from './open-run.ts';

/** Roofs of the run, unless an earlier invocation measured them or every engine is simulated. */
export async function roofsOnce(
  host: Host,
  run: OpenRun,
  declarations: readonly EngineDeclaration[],
  { onEvent, signal }: { readonly onEvent: OnRunEvent; readonly signal: AbortSignal },
): Promise<void> {
  const real = declarations.some(
    ({ id, worker }) =>
      worker.kind !== 'in-process' && run.plan.launches.some(({ identity }) => identity.engine === id),
  );
  if (run.before.roofs !== undefined || !real || signal.aborted) return;
  onEvent({ kind: 'stage', name: { en: 'roofs of this machine', ja: 'このマシンのルーフ' }, fraction: 0 });
  const { roofs } = await measureRoofs(host, 'full', run.environment.planMachine.logicalCpus, signal);
  // The next invocation measures them whole.
  if (signal.aborted) return;
  run.journal.append({ kind: 'roofs', roofs, scope: 'run' });
}
