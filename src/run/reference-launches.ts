/** Which engine makes the reference of each model, and with which settings. */
import type { Cell, LaunchIdentity } from '../axes/cell.ts';
import type { EngineDeclaration } from '../engines/declaration.ts';
import { otherWork } from '../engines/other-work.ts';
import type { Host } from '../host/host.ts';
import { launchEnvironment, loadRequest } from './launch-request.ts';
import type { ReferenceLaunch } from './make-references.ts';
import type { RunModel } from './models.ts';
import type { OpenRun } from './open-run.ts';
import { promptsOf } from './prompts.ts';
import { referenceNeeds } from './reference.ts';
import { promptSource } from './texts.ts';

/**
 * The launch that makes the references of those of `cells` (all of `model`) that need one which is not in `made`;
 * undefined where none does, the study switches the check off or no engine can.
 * @param made signatures of references that were made or tried
 */
export function referenceLaunch(
  host: Host,
  run: OpenRun,
  declarations: readonly EngineDeclaration[],
  model: RunModel,
  cells: readonly Cell[],
  made: ReadonlySet<string>,
): ReferenceLaunch | undefined {
  // A model file has no fp32 weights to compare with.
  if (!run.study.correctness.check || model.kind === 'file') return undefined;
  const checked = cells.filter((cell) => otherWork(cell) === undefined);
  const [first] = checked;
  const chosen = first === undefined ? undefined : referenceEngine(run, first, declarations);
  const needs = referenceNeeds(checked).filter(({ signature }) => !made.has(signature));
  if (chosen === undefined || needs.length === 0) return undefined;
  const identity = referenceIdentity(run, model, chosen);
  const largest = needs.map((need) => ({
    cell: { ...need.cell, slots: need.sequences, batch: need.sequences, outputTokens: need.outputTokens },
  }));
  return {
    model: model.name,
    declaration: chosen,
    environment: launchEnvironment(chosen, identity),
    load: loadRequest({ identity }, largest, model.path, host.system.cacheFolder),
    needs,
    promptsOf: (need) =>
      promptsOf(need.cell, promptSource(run.texts, model.name), run.study.seed, need.sequences),
  };
}

/** What the reference of a model is loaded as: fp32 in the plain configuration of `declaration`. */
export const referenceIdentity = (
  run: OpenRun,
  model: Pick<RunModel, 'name' | 'modelHash'>,
  declaration: EngineDeclaration,
): LaunchIdentity => ({
  model: model.name,
  modelHash: model.modelHash,
  engine: declaration.id,
  engineVersion: undefined,
  options: declaration.options.parse({
    ...declaration.referenceOptions,
    ...run.study.correctness.options,
  }) as Cell['options'],
  precision: 'fp32',
  device: 'cpu',
  threads: run.environment.planMachine.logicalCpus,
});

/** The engine that the study names, else the first ready one that offers a plain configuration for this model. */
export function referenceEngine(
  run: OpenRun,
  cell: Cell,
  declarations: readonly EngineDeclaration[],
): EngineDeclaration | undefined {
  const asked = run.study.correctness.engine;
  if (asked !== undefined) return declarations.find((declaration) => declaration.id === asked);
  const model = run.models.find((candidate) => candidate.name === cell.model);
  return declarations.find((declaration) => {
    if (declaration.referenceOptions === undefined || model?.kind !== 'checkpoint') return false;
    const used = run.environment.engines[declaration.id] !== undefined;
    const plain: Cell = {
      ...cell,
      engine: declaration.id,
      precision: 'fp32',
      options: declaration.referenceOptions,
    };
    return used && declaration.supports(plain, model.shape).kind === 'supported';
  });
}
