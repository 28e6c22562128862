/** Whether a cell can run here, and if not, why: capability flags first, then the engine's own say, then memory. */
import prettyBytes from 'pretty-bytes';
import type { Cell } from '../axes/cell.ts';
import { absentCudaDevice } from '../engines/cuda-devices.ts';
import {
  buildsOf,
  type EngineDeclaration,
  greedyOnly,
  type MemoryEstimate,
  noPrecision,
  precisionSupport,
  type Support,
  totalBytes,
  unsupported,
} from '../engines/declaration.ts';
import { inVersionSet } from '../engines/version-set.ts';
import type { Words } from '../kernel/language.ts';
import type { FeasibleModel, PlanMachine, SkippedCell } from './plan.ts';
import { tokenLimits } from './token-limits.ts';

export type Feasibility =
  | { readonly kind: 'runs'; readonly memory: MemoryEstimate }
  | Pick<SkippedCell, 'kind' | 'reason' | 'needs'>;

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
  unavailable: Words | undefined,
  machine: Pick<PlanMachine, 'availableMemoryBytes' | 'cudaDevices'>,
): Feasibility {
  if (unavailable !== undefined) return { kind: 'unavailable', reason: unavailable };
  const version = wrongVersion(cell, engine);
  if (version !== undefined) return { kind: 'unavailable', reason: version };
  const declaration = inVersionSet(engine, cell.engineVersion);
  const lacking = lackingCapability(cell, model, declaration);
  if (lacking !== undefined) return { kind: 'unsupported', reason: lacking };
  const own = needs(cell, model, declaration);
  if (own.kind === 'unsupported') return own;
  const absent = absentCudaDevice(cell.device, machine.cudaDevices);
  if (absent !== undefined) return { kind: 'unavailable', reason: absent };
  const { memory } = own;
  const available = usableMemoryBytes(machine);
  if (totalBytes(memory) > available) {
    return {
      kind: 'refused',
      reason: {
        en: `needs more memory than the ${prettyBytes(available)} that are available`,
        ja: `使える ${prettyBytes(available)} より多くのメモリが必要です`,
      },
      needs: memory,
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
    return unsupported({
      en: `${title} reads checkpoint folders, not GGUF files: hayasa models unpack writes one`,
      ja: `${title} が読むのは GGUF ファイルではなくチェックポイントのフォルダーです: hayasa models unpack で作れます`,
    });
  }
  return needsOf(modelFiles.supports(cell, model.file), () => modelFiles.estimateMemory(cell, model.file));
}

type Needs =
  | Extract<Support, { kind: 'unsupported' }>
  | { readonly kind: 'supported'; readonly memory: MemoryEstimate };

const needsOf = (support: Support, memory: () => MemoryEstimate): Needs =>
  support.kind === 'unsupported' ? support : { kind: 'supported', memory: memory() };

/** Engines inside Hayasa's own packages exist in one version only; what was asked must never run as something else. */
function wrongVersion({ engineVersion }: Cell, { title, id, worker }: EngineDeclaration): Words | undefined {
  if (engineVersion === undefined) return undefined;
  if (worker.kind === 'python') {
    if (worker.versionSets.length === 0 || worker.versionSets.includes(engineVersion)) return undefined;
    const locked = worker.versionSets.map((set) => `${id}@${set}`).join(', ');
    return {
      en: `${title} is locked in ${locked}, not in ${id}@${engineVersion}`,
      ja: `${title} のロックは ${locked} で、${id}@${engineVersion} はありません`,
    };
  }
  const builds = buildsOf({ worker }).map(({ name }) => name);
  if (builds.includes(engineVersion)) return undefined;
  if (builds.length > 0) {
    const known = builds.map((name) => `${id}@${name}`).join(', ');
    return { en: `${title} has the builds ${known}`, ja: `${title} のビルドは ${known} です` };
  }
  return {
    en: `${title} has the one version that Hayasa was installed with: write ${id} instead of ${id}@${engineVersion}`,
    ja: `${title} の版は Hayasa と一緒に入った 1 つだけです: ${id}@${engineVersion} ではなく ${id} と書いてください`,
  };
}

function wrongDevice(cell: Cell, declaration: EngineDeclaration, kindOfDevice: string): Words {
  const build = buildsOf(declaration).find(({ device }) => device === kindOfDevice);
  const { title, id } = declaration;
  return {
    en: `${title} does not compute on ${cell.device} here${build === undefined ? '' : `: name ${id}@${build.name}, which does`}`,
    ja: `ここの ${title} は ${cell.device} では計算しません${build === undefined ? '' : `: ${id}@${build.name} なら計算します`}`,
  };
}

function lackingCapability(
  cell: Cell,
  model: FeasibleModel,
  declaration: EngineDeclaration,
): Words | undefined {
  const { capabilities, title } = declaration;
  const kindOfDevice = cell.device.split(':')[0] ?? cell.device;
  if (!capabilities.devices.includes(kindOfDevice)) {
    return wrongDevice(cell, declaration, kindOfDevice);
  }
  if (model.kind === 'checkpoint' && !capabilities.architectures.includes(model.shape.architecture)) {
    return {
      en: `${title} does not know the architecture ${model.shape.architecture}`,
      ja: `${title} はアーキテクチャ ${model.shape.architecture} を知りません`,
    };
  }
  if (precisionSupport(declaration, cell.precision) === undefined) return noPrecision(title, cell.precision);
  if (model.kind === 'checkpoint' && cell.precision === 'file') {
    return {
      en: `precision file takes a GGUF file as it is stored, and ${model.name} is none`,
      ja: `精度 file は GGUF ファイルを保存されたまま使うもので、${model.name} は GGUF ファイルではありません`,
    };
  }
  if (cell.batching === 'continuous' && !capabilities.continuousBatching)
    return { en: `${title} has no continuous batching`, ja: `${title} に連続バッチはありません` };
  if (cell.batching === 'static' && !capabilities.staticBatching)
    return { en: `${title} has no static batching`, ja: `${title} に静的バッチはありません` };
  if (cell.promptLengths === 'ragged' && !capabilities.raggedPrompts) {
    return {
      en: `${title} takes only prompts of equal length in one batch`,
      ja: `${title} の 1 つのバッチには、同じ長さのプロンプトしか入りません`,
    };
  }
  if (cell.stop === 'natural' && !capabilities.naturalStop)
    return { en: `${title} cannot stop at end of text`, ja: `${title} は文末で止まれません` };
  const limits = tokenLimits(model);
  if (limits.kind === 'missing') return limits.reason;
  const { eosTokenId, maximumPositions } = limits.value;
  if (cell.stop === 'natural' && eosTokenId === undefined) {
    return {
      en: 'the model names no end-of-text token, so nothing would stop naturally',
      ja: 'モデルに文末トークンがないので、自然に止まることがありません',
    };
  }
  if (cell.temperature !== undefined && capabilities.sampling !== true) {
    return greedyOnly(title);
  }
  if (cell.depthTokens > 0 && !capabilities.depth)
    return { en: `${title} cannot start at a depth`, ja: `${title} は depth から始められません` };
  const positions = cell.depthTokens + cell.inputTokens + cell.outputTokens;
  if (positions > maximumPositions) {
    return {
      en: `${positions} positions (depth ${cell.depthTokens} + input ${cell.inputTokens} + output ${cell.outputTokens}) exceed the model's ${maximumPositions}`,
      ja: `${positions} 位置（深さ ${cell.depthTokens} + 入力 ${cell.inputTokens} + 出力 ${cell.outputTokens}）は、モデルの ${maximumPositions} を超えます`,
    };
  }
  return undefined;
}
