/** Named parts of a load, one after the other without gaps. */
import type { Loaded } from '../../protocol/frames.ts';
import type { ComputeContext } from '../../worker/engine.ts';

export interface StageRecorder {
  /** Ends the current stage, if any, and begins this one. */
  readonly begin: (name: string) => void;
  /** Ends the current stage and gives all. */
  finish(): Loaded['stages'];
}

export function stageRecorder(context: ComputeContext): StageRecorder {
  const stages: Loaded['stages'] = [];
  let current: { readonly name: string; readonly start_ns: number } | undefined;
  const end = (): void => {
    if (current !== undefined) stages.push({ ...current, end_ns: context.now_ns() });
    current = undefined;
  };
  return {
    begin: (name) => {
      end();
      current = { name, start_ns: context.now_ns() };
      context.progress(name, 0);
    },
    finish: () => {
      end();
      return stages;
    },
  };
}
