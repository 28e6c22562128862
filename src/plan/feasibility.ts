/** Whether a cell can run here, and if not, why: capability flags first, then the engine's own say, then memory. */
import prettyBytes from 'pretty-bytes';
import type { Cell } from '../axes/cell.ts';
import { type EngineDeclaration, type MemoryEstimate, totalBytes } from '../engines/declaration.ts';
import type { PlanMachine, PlanModel, SkippedCell } from './plan.ts';

export type Feasibility =
  | { readonly kind: 'runs'; readonly memory: MemoryEstimate }
  | Pick<SkippedCell, 'kind' | 'reason'>;

/** Memory that must stay free for the operating system and Hayasa itself. */
const RESERVED_BYTES = 512 * 1024 * 1024;

export function feasibility(
  cell: Cell,
  model: PlanModel,
  declaration: EngineDeclaration,
  unavailable: string | undefined,
  machine: PlanMachine,
): Feasibility {
  if (unavailable !== undefined) return { kind: 'unavailable', reason: unavailable };
  const version = wrongVersion(cell, declaration);
  if (version !== undefined) return { kind: 'unavailable', reason: version };
  const lacking = lackingCapability(cell, model, declaration);
  if (lacking !== undefined) return { kind: 'unsupported', reason: lacking };
  const support = declaration.supports(cell, model.shape);
  if (support.kind === 'unsupported') return { kind: 'unsupported', reason: support.reason };
  const memory = declaration.estimateMemory(cell, model.shape);
  const needed = totalBytes(memory);
  const available = machine.availableMemoryBytes - RESERVED_BYTES;
  if (needed > available) {
    return {
      kind: 'refused',
      reason: `needs about ${prettyBytes(needed)} of memory (weights ${prettyBytes(memory.weightBytes)}, KV cache ${prettyBytes(memory.kvCacheBytes)}); ${prettyBytes(Math.max(0, available))} are available`,
    };
  }
  return { kind: 'runs', memory };
}

/** Engines inside Hayasa's own packages exist in one version only; what was asked must never run as something else. */
function wrongVersion({ engineVersion }: Cell, { title, id, worker }: EngineDeclaration): string | undefined {
  if (engineVersion === undefined || worker.kind === 'python') return undefined;
  return `${title} has the one version that Hayasa was installed with: write ${id} instead of ${id}@${engineVersion}`;
}

function lackingCapability(
  cell: Cell,
  model: PlanModel,
  { capabilities, title, precisions }: EngineDeclaration,
) {
  const kindOfDevice = cell.device.split(':')[0] ?? cell.device;
  if (!capabilities.devices.includes(kindOfDevice)) return `${title} does not compute on ${cell.device} here`;
  if (!capabilities.architectures.includes(model.shape.architecture)) {
    return `${title} does not know the architecture ${model.shape.architecture}`;
  }
  if (!precisions.some((support) => support.name === cell.precision))
    return `${title} has no ${cell.precision}`;
  if (cell.batching === 'continuous' && !capabilities.continuousBatching)
    return `${title} has no continuous batching`;
  if (cell.batching === 'static' && !capabilities.staticBatching) return `${title} has no static batching`;
  if (cell.promptLengths === 'ragged' && !capabilities.raggedPrompts) {
    return `${title} takes only prompts of equal length in one batch`;
  }
  if (cell.stop === 'natural' && !capabilities.naturalStop) return `${title} cannot stop at end of text`;
  if (cell.stop === 'natural' && model.shape.eosTokenId === undefined) {
    return 'the model names no end-of-text token, so nothing would stop naturally';
  }
  if (cell.depthTokens > 0 && !capabilities.depth) return `${title} cannot start at a depth`;
  const positions = cell.depthTokens + cell.inputTokens + cell.outputTokens;
  if (positions > model.shape.maximumPositions) {
    return `${positions} positions (depth ${cell.depthTokens} + input ${cell.inputTokens} + output ${cell.outputTokens}) exceed the model's ${model.shape.maximumPositions}`;
  }
  return undefined;
}
