/** What a launch asks of its worker: the model and its settings, and how many threads its libraries may start. */
import type { Cell } from '../axes/cell.ts';
import type { EngineDeclaration } from '../engines/declaration.ts';
import type { PlannedLaunch } from '../plan/plan.ts';
import type { LoadRequest } from '../protocol/frames.ts';
import type { LaunchCell } from './launch-task.ts';

/** Settings of one launch, as large as its largest cell. */
export function loadRequest(
  launch: Pick<PlannedLaunch, 'identity'>,
  cells: readonly Pick<LaunchCell, 'cell'>[],
  modelPath: string,
  cacheFolder: string,
): Omit<LoadRequest, 'kind' | 'id'> {
  const { precision, options, threads, device } = launch.identity;
  return {
    modelPath,
    precision,
    options: { ...options },
    threads,
    device,
    cacheFolder,
    limits: {
      slots: Math.max(...cells.map(({ cell }) => cell.slots)),
      positionsPerSlot: Math.max(
        ...cells.map(({ cell }) => cell.depthTokens + cell.inputTokens + cell.outputTokens),
      ),
    },
  };
}

/** Thread pools that read the environment get the cell's thread count, so that no engine takes more than it was given. */
export const threadEnvironment = (threads: number): Readonly<Record<string, string>> => ({
  OMP_NUM_THREADS: String(threads),
  OPENBLAS_NUM_THREADS: String(threads),
  MKL_NUM_THREADS: String(threads),
});

/** Everything that a worker of `declaration` starts with beside what it inherits; options may replace what was inherited. */
export const launchEnvironment = (
  { environment }: Pick<EngineDeclaration, 'environment'>,
  { threads, options }: Pick<Cell, 'threads' | 'options'>,
): Readonly<Record<string, string>> => ({ ...threadEnvironment(threads), ...environment?.(options) });
