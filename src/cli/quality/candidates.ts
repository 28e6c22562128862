/** What `hayasa quality` goes through: engines and precisions that give logits of the model, and what is left out, and why. */

import type { Cell } from '../../axes/cell.ts';
import type { EngineDeclaration } from '../../engines/declaration.ts';
import { inEvery, type Words } from '../../kernel/language.ts';
import type { PrecisionName } from '../../models/precision.ts';
import { feasibility } from '../../plan/feasibility.ts';
import { needsText } from '../../plan/needs-text.ts';
import type { FeasibleModel } from '../../plan/plan.ts';
import type { SurveyedEngine } from '../engines/survey.ts';
import type { GenerateModel } from '../generate/model.ts';

export interface QualityCandidate {
  readonly declaration: EngineDeclaration;
  readonly cell: Cell;
}

export interface LeftOut {
  readonly engine: string;
  readonly precision: string | undefined;
  readonly reason: Words;
}

export interface CandidatesInit {
  readonly model: GenerateModel;
  readonly engines: readonly SurveyedEngine[];
  /** Undefined = every one that an engine has. */
  readonly precisions: readonly PrecisionName[] | undefined;
  readonly threads: number;
  readonly availableBytes: number | undefined;
  /** The longest window, in tokens. */
  readonly contextTokens: number;
  readonly windowTokens: number;
}

export interface Candidates {
  /** fp32 in the plainest configuration of the first engine that has one; undefined for GGUF files. */
  readonly reference: QualityCandidate | undefined;
  readonly candidates: readonly QualityCandidate[];
  readonly leftOut: readonly LeftOut[];
}

export function qualityCandidates(init: CandidatesInit): Candidates {
  const { model, engines } = init;
  const candidates: QualityCandidate[] = [];
  const leftOut: LeftOut[] = [];
  let reference: QualityCandidate | undefined;
  for (const { declaration, health } of engines) {
    const engine = declaration.id;
    if (!declaration.capabilities.logits) {
      leftOut.push({
        engine,
        precision: undefined,
        reason: { en: 'it gives no logits away', ja: 'ロジットを取り出せません' },
      });
      continue;
    }
    if (health.kind !== 'ready') {
      leftOut.push({ engine, precision: undefined, reason: health.reason });
      continue;
    }
    if (declaration.referenceOptions !== undefined && reference === undefined) {
      const cell = cellOf(init, declaration, 'fp32', declaration.referenceOptions);
      if (problemOf(init, declaration, cell) === undefined) reference = { declaration, cell };
    }
    for (const precision of precisionsOf(declaration, model)) {
      if (init.precisions?.includes(precision) === false) continue;
      const cell = cellOf(init, declaration, precision, {});
      const reason = problemOf(init, declaration, cell);
      if (reason === undefined) candidates.push({ declaration, cell });
      else leftOut.push({ engine, precision, reason });
    }
  }
  return { reference, candidates, leftOut };
}

function precisionsOf(
  { precisions, modelFiles }: EngineDeclaration,
  model: GenerateModel,
): readonly PrecisionName[] {
  if (model.file === undefined) return precisions.map(({ name }) => name);
  return [modelFiles?.precision.name ?? 'file'];
}

function cellOf(
  { model, threads, contextTokens, windowTokens }: CandidatesInit,
  declaration: EngineDeclaration,
  precision: PrecisionName,
  options: Readonly<Record<string, unknown>>,
): Cell {
  return {
    task: 'generate',
    model: model.name,
    modelHash: model.modelHash,
    engine: declaration.id,
    engineVersion: undefined,
    options: declaration.options.parse(options) as Cell['options'],
    precision,
    device: 'cpu',
    threads,
    inputTokens: contextTokens,
    outputTokens: windowTokens,
    depthTokens: 0,
    batch: 1,
    batching: 'static',
    slots: 1,
    stop: 'forced',
    promptLengths: 'equal',
  };
}

/** Why `cell` cannot run here: what a plan says of it. */
function problemOf(
  { model: { name, file, shape }, availableBytes }: CandidatesInit,
  declaration: EngineDeclaration,
  cell: Cell,
): Words | undefined {
  const machine = { availableMemoryBytes: availableBytes ?? Number.POSITIVE_INFINITY };
  const model: FeasibleModel | undefined =
    file !== undefined
      ? { kind: 'file', name, file }
      : shape !== undefined
        ? { kind: 'checkpoint', name, shape }
        : undefined;
  if (model === undefined) return { en: 'its shape is unknown', ja: '形状がわかりません' };
  const result = feasibility(cell, model, declaration, undefined, machine);
  if (result.kind === 'runs') return undefined;
  const { reason, needs } = result;
  return needs === undefined ? reason : inEvery((say) => `${say(reason)} (${say(needsText(needs))})`);
}
