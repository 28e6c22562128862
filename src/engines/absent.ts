/**
 * Engines that studies may name although Hayasa has no adapter for them yet: a study stays readable, and its plan says of
 * each of their cells why it is skipped. A line goes away when the engine gets its line in `declarations.ts`.
 */
import { z } from 'zod';
import { same, type Words } from '../kernel/language.ts';
import { PRECISION_NAMES, precisionKind } from '../models/precision.ts';
import { type EngineDeclaration, unsupported } from './declaration.ts';

interface AbsentEngine {
  readonly id: string;
  readonly title: string;
}

const NAMES: readonly AbsentEngine[] = [{ id: 'tensorrt-llm', title: 'TensorRT-LLM' }];

const reasonOf = ({ title }: AbsentEngine): Words => ({
  en: `Hayasa has no adapter for ${title} yet`,
  ja: `Hayasa には ${title} のアダプターがまだありません`,
});

/** `declared`, and a stand-in for each absent engine that isn't among them. */
export function withAbsentEngines(declared: readonly EngineDeclaration[]): EngineDeclaration[] {
  return [...declared, ...absentFrom(declared).map(standIn)];
}

/** Why each absent engine cannot run, by id. */
export function absentReasons(declared: readonly EngineDeclaration[]): Readonly<Record<string, Words>> {
  return Object.fromEntries(absentFrom(declared).map((engine) => [engine.id, reasonOf(engine)]));
}

const absentFrom = (declared: readonly EngineDeclaration[]): readonly AbsentEngine[] =>
  NAMES.filter(({ id }) => !declared.some((engine) => engine.id === id));

/** Takes every option, precision and device as written; nothing of it ever runs. */
function standIn(engine: AbsentEngine): EngineDeclaration {
  return {
    id: engine.id,
    title: engine.title,
    summary: reasonOf(engine),
    options: z.looseObject({}),
    precisions: PRECISION_NAMES.map((name) => ({
      name,
      effective: precisionKind(name).precision,
      ownName: name,
      note: same(''),
    })),
    capabilities: {
      devices: [],
      architectures: [],
      staticBatching: false,
      continuousBatching: false,
      raggedPrompts: false,
      naturalStop: false,
      depth: false,
      logits: false,
      cancel: false,
    },
    supports: () => unsupported(reasonOf(engine)),
    estimateMemory: () => ({ weightBytes: 0, kvCacheBytes: 0, overheadBytes: 0 }),
    estimateCacheBytes: () => 0,
    conformanceExceptions: {},
    worker: { kind: 'python', versionSets: [] },
  };
}
