/**
 * What must exist before a model is measured: its checkpoint, and the references that its cells are compared with. Both are
 * made when the first launch needs them, so that a model for which there is no time costs neither time nor disk.
 */
import type { EngineDeclaration } from '../engines/declaration.ts';
import type { Host } from '../host/host.ts';
import type { OnRunEvent } from './events.ts';
import type { Gate } from './gate.ts';
import { makeModel } from './models.ts';
import type { OpenRun } from './open-run.ts';
import { referenceLaunch } from './reference-launches.ts';
import type { TimeLimit } from './time-limit.ts';

export interface Preparation {
  /** Writes the synthetic checkpoint of a model of the study where it is missing. */
  makeCheckpoint(model: string): Promise<void>;
  /** The checkpoint, and the references of the model's cells that `isWanted` names and that were not tried yet. */
  prepare(model: string, isWanted: (cellKey: string) => boolean): Promise<void>;
}

export interface PreparationInput {
  readonly host: Host;
  readonly run: OpenRun;
  readonly declarations: readonly EngineDeclaration[];
  readonly gate: Gate;
  readonly onEvent: OnRunEvent;
  /** Ends what is being made; what is half made is not there. */
  readonly signal: AbortSignal;
  /** Ends a checkpoint that is being written, as the signal does. */
  readonly time: TimeLimit;
}

export function preparer({
  host,
  run,
  declarations,
  gate,
  onEvent,
  signal,
  time,
}: PreparationInput): Preparation {
  const made = new Set<string>();
  const references = new Set<string>();
  const makeCheckpoint = async (name: string): Promise<void> => {
    const model = run.study.models.find((one) => one.name === name);
    if (model === undefined || made.has(name)) return;
    const ending = new AbortController();
    const onProgress = (fraction: number): void => {
      onEvent({
        kind: 'stage',
        name: { en: `synthetic checkpoint ${name}`, ja: `合成チェックポイント ${name}` },
        fraction,
      });
      if (signal.aborted || time.isUp()) ending.abort();
    };
    await makeModel(host, model, onProgress, ending.signal);
    if (!ending.signal.aborted) made.add(name);
  };
  return {
    makeCheckpoint,
    prepare: async (name, isWanted) => {
      await makeCheckpoint(name);
      if (signal.aborted || !made.has(name)) return;
      const model = run.models.find((one) => one.name === name);
      if (model === undefined) return;
      const cells = run.plan.cells
        .filter(({ cell, cellKey }) => cell.model === name && isWanted(cellKey))
        .map(({ cell }) => cell);
      const launch = referenceLaunch(host, run, declarations, model, cells, references);
      if (launch === undefined) return;
      for (const { signature } of launch.needs) references.add(signature);
      await gate.makeReferences(launch);
    },
  };
}
