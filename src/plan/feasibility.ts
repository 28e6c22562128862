/** Whether a cell can run here, and if not, why: capability flags first, then the engine's own say, then memory. */
import prettyBytes from 'pretty-bytes';
import type { Cell } from '../axes/cell.ts';
import {
  buildsOf,
  type EngineDeclaration,
  greedyOnly,
  type MemoryEstimate,
  precisionSupport,
  type Support,
  totalBytes,
  unsupported,
} from '../engines/declaration.ts';
import { inVersionSet } from '../engines/version-set.ts';
import type { FeasibleModel, PlanMachine, SkippedCell } from './plan.ts';
import { tokenLimits } from './token-limits.ts';

export type Feasibility =
  | { readonly kind: 'runs'; readonly memory: MemoryEstimate }
  | Pick<SkippedCell, 'kind' | 'reason'>;

/** Memory that must stay free for the operating system and Hayasa itself. */
const RESERVED_BYTES = 512 * 1024 * 1024;

/** What engines may take. */
export const usableMemoryBytes = ({
  availableMemoryBytes,
}: Pick<PlanMachine, 'availableMemoryBytes'>): number => Math.max(0, availableMemoryBytes - RESERVED_BYTES);

export function feasibility(
  cell: Cell,
  model: FeasibleModel,
  engine: EngineDeclaration,
  unavailable: string | undefined,
  machine: Pick<PlanMachine, 'availableMemoryBytes'>,
): Feasibility {
  if (unavailable !== undefined) return { kind: 'unavailable', reason: unavailable };
  const version = wrongVersion(cell, engine);
  if (version !== undefined) return { kind: 'unavailable', reason: version };
  const declaration = inVersionSet(engine, cell.engineVersion);
  const lacking = lackingCapability(cell, model, declaration);
  if (lacking !== undefined) return { kind: 'unsupported', reason: lacking };
  const own = needs(cell, model, declaration);
  if (own.kind === 'unsupported') return own;
  const { memory } = own;
  const needed = totalBytes(memory);
  const available = usableMemoryBytes(machine);
  if (needed > available) {
    return {
      kind: 'refused',
      reason: `needs about ${prettyBytes(needed)} of memory (weights ${prettyBytes(memory.weightBytes)}, KV cache ${prettyBytes(memory.kvCacheBytes)}); ${prettyBytes(available)} are available`,
    };
  }
  return { kind: 'runs', memory };
}

/** The engine's own say, for a described model or for a file of its format. */
function needs(
  cell: Cell,
  model: FeasibleModel,
  { title, supports, estimateMemory, modelFiles }: EngineDeclaration,
): Needs {
  if (model.kind === 'checkpoint') {
    return needsOf(supports(cell, model.shape), () => estimateMemory(cell, model.shape));
  }
  if (modelFiles === undefined) {
    return unsupported(`${title} reads checkpoint folders, not GGUF files: hayasa models unpack writes one`);
  }
  return needsOf(modelFiles.supports(cell, model.file), () => modelFiles.estimateMemory(cell, model.file));
}

type Needs =
  | Extract<Support, { kind: 'unsupported' }>
  | { readonly kind: 'supported'; readonly memory: MemoryEstimate };

const needsOf = (support: Support, memory: () => MemoryEstimate): Needs =>
  support.kind === 'unsupported' ? support : { kind: 'supported', memory: memory() };

/** Engines inside Hayasa's own packages exist in one version only; what was asked must never run as something else. */
function wrongVersion({ engineVersion }: Cell, { title, id, worker }: EngineDeclaration): string | undefined {
  if (engineVersion === undefined) return undefined;
  if (worker.kind === 'python') {
    if (worker.versionSets.length === 0 || worker.versionSets.includes(engineVersion)) return undefined;
    return `${title} is locked in ${worker.versionSets.map((set) => `${id}@${set}`).join(', ')}, not in ${id}@${engineVersion}`;
  }
  const builds = buildsOf({ worker }).map(({ name }) => name);
  if (builds.includes(engineVersion)) return undefined;
  if (builds.length > 0) return `${title} has the builds ${builds.map((name) => `${id}@${name}`).join(', ')}`;
  return `${title} has the one version that Hayasa was installed with: write ${id} instead of ${id}@${engineVersion}`;
}

function wrongDevice(cell: Cell, declaration: EngineDeclaration, kindOfDevice: string): string {
  const build = buildsOf(declaration).find(({ device }) => device === kindOfDevice);
  const instead = build === undefined ? '' : `: name ${declaration.id}@${build.name}, which does`;
  return `${declaration.title} does not compute on ${cell.device} here${instead}`;
}

function lackingCapability(cell: Cell, model: FeasibleModel, declaration: EngineDeclaration) {
  const { capabilities, title } = declaration;
  const kindOfDevice = cell.device.split(':')[0] ?? cell.device;
  if (!capabilities.devices.includes(kindOfDevice)) {
    return wrongDevice(cell, declaration, kindOfDevice);
  }
  if (model.kind === 'checkpoint' && !capabilities.architectures.includes(model.shape.architecture)) {
    return `${title} does not know the architecture ${model.shape.architecture}`;
  }
  if (precisionSupport(declaration, cell.precision) === undefined) return `${title} has no ${cell.precision}`;
  if (model.kind === 'checkpoint' && cell.precision === 'file') {
    return `precision file takes a GGUF file as it is stored, and ${model.name} is none`;
  }
  if (cell.batching === 'continuous' && !capabilities.continuousBatching)
    return `${title} has no continuous batching`;
  if (cell.batching === 'static' && !capabilities.staticBatching) return `${title} has no static batching`;
  if (cell.promptLengths === 'ragged' && !capabilities.raggedPrompts) {
    return `${title} takes only prompts of equal length in one batch`;
  }
  if (cell.stop === 'natural' && !capabilities.naturalStop) return `${title} cannot stop at end of text`;
  const limits = tokenLimits(model);
  if (limits.kind === 'missing') return limits.reason;
  const { eosTokenId, maximumPositions } = limits.value;
  if (cell.stop === 'natural' && eosTokenId === undefined) {
    return 'the model names no end-of-text token, so nothing would stop naturally';
  }
  if (cell.temperature !== undefined && capabilities.sampling !== true) {
    return greedyOnly(title).en;
  }
  if (cell.depthTokens > 0 && !capabilities.depth) return `${title} cannot start at a depth`;
  const positions = cell.depthTokens + cell.inputTokens + cell.outputTokens;
  if (positions > maximumPositions) {
    return `${positions} positions (depth ${cell.depthTokens} + input ${cell.inputTokens} + output ${cell.outputTokens}) exceed the model's ${maximumPositions}`;
  }
  return undefined;
}
