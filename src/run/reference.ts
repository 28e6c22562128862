/**
 * The reference of the correctness gate: greedy fp32 tokens (and, for KL divergence, logits) of one independent
 * configuration, made once per model and prompt shape. Prompt i is the same whatever the batch, so one reference run
 * serves every batch size.
 */
import type { Cell } from '../axes/cell.ts';
import type { WorkerHandle } from '../executors/executor.ts';
import { contentHash } from '../kernel/canonical.ts';
import type { Failure } from '../protocol/failure.ts';

/** Sequences and tokens at most: the gate must cost seconds, not minutes. */
const MAXIMUM_SEQUENCES = 16;
const MAXIMUM_TOKENS = 64;
/** Sequences and positions of the teacher-forced comparison (float32 logits: positions x vocabulary x 4 bytes). */
const SCORED_SEQUENCES = 2;
const SCORED_POSITIONS = 32;

/** One request of the gate to a worker may take this long. */
export const CHECK_DEADLINE_MS = 300_000;

/** What decides the prompts of a cell, and with them the greedy tokens. */
export function promptSignature(cell: Cell): string {
  const { modelHash, inputTokens, depthTokens, promptLengths } = cell;
  return contentHash({ modelHash, inputTokens, depthTokens, promptLengths });
}

export interface ReferenceNeed {
  readonly signature: string;
  readonly cell: Cell;
  readonly sequences: number;
  readonly outputTokens: number;
}

/** One need per prompt signature of `cells`, as large as the largest cell asks for and the limits allow. */
export function referenceNeeds(cells: readonly Cell[]): ReferenceNeed[] {
  const needs = new Map<string, ReferenceNeed>();
  for (const cell of cells) {
    const signature = promptSignature(cell);
    const known = needs.get(signature);
    needs.set(signature, {
      signature,
      cell,
      sequences: Math.min(MAXIMUM_SEQUENCES, Math.max(cell.batch, known?.sequences ?? 0)),
      outputTokens: Math.min(MAXIMUM_TOKENS, Math.max(cell.outputTokens, known?.outputTokens ?? 0)),
    });
  }
  return [...needs.values()];
}

export interface Reference {
  readonly tokens: readonly (readonly number[])[];
  readonly prompts: readonly (readonly number[])[];
  /** Where the reference wrote its logits; absent where the engine cannot. */
  readonly logitsPath: string | undefined;
}

export interface ScoredContinuation {
  readonly prompts: number[][];
  readonly continuations: number[][];
}

/** The part of a reference that is compared teacher-forced. */
export function scoredPart(reference: Reference): ScoredContinuation {
  return {
    prompts: reference.prompts.slice(0, SCORED_SEQUENCES).map((prompt) => [...prompt]),
    continuations: reference.tokens
      .slice(0, SCORED_SEQUENCES)
      .map((tokens) => tokens.slice(0, SCORED_POSITIONS)),
  };
}

/**
 * Greedy tokens of `prompts` in a loaded reference worker, and its logits in `logitsPath` where one is given.
 * One static batch, forced length: prefixes of it serve shorter cells.
 */
export async function makeReference(
  handle: WorkerHandle,
  need: ReferenceNeed,
  prompts: readonly (readonly number[])[],
  logitsPath: string | undefined,
  deadline_ms: number,
): Promise<
  | { readonly kind: 'ok'; readonly reference: Reference }
  | { readonly kind: 'failed'; readonly failure: Failure }
> {
  const used = prompts.slice(0, need.sequences).map((prompt) => [...prompt]);
  const generated = await handle.generate({
    prompts: used,
    depthTokens: need.cell.depthTokens,
    outputTokens: used.map(() => need.outputTokens),
    batching: 'static',
    slots: used.length,
    stopTokens: [],
    deadline_ms,
  });
  if (generated.kind === 'failed') return generated;
  const reference: Reference = {
    tokens: generated.value.sequences.map((sequence) => sequence.tokens),
    prompts: used,
    logitsPath,
  };
  if (logitsPath === undefined) return { kind: 'ok', reference };
  const part = scoredPart(reference);
  const scored = await handle.score({
    ...part,
    logitsFile: { path: logitsPath, mode: 'write' },
    deadline_ms,
  });
  return scored.kind === 'failed' ? scored : { kind: 'ok', reference };
}

/** Both continuations of one prompt, and how many tokens they are compared by: those that both have. */
interface Compared {
  readonly sequence: number;
  readonly length: number;
  /** The first position at which they differ; `length` where they do not. */
  readonly equal: number;
}

function compared(
  tokens: readonly (readonly number[])[],
  reference: readonly (readonly number[])[],
): Compared[] {
  return reference.flatMap((expected, sequence) => {
    const actual = tokens[sequence];
    if (actual === undefined) return [];
    const length = Math.min(actual.length, expected.length);
    const difference = actual.findIndex((token, i) => i < length && token !== expected[i]);
    return [{ sequence, length, equal: difference === -1 ? length : difference }];
  });
}

/** Positions at which `tokens` equal the reference before the first difference of each sequence, of those compared. */
export function equalTokens(
  tokens: readonly (readonly number[])[],
  reference: readonly (readonly number[])[],
): { readonly equalPositions: number; readonly positions: number } {
  const sequences = compared(tokens, reference);
  return {
    equalPositions: sequences.reduce((sum, { equal }) => sum + equal, 0),
    positions: sequences.reduce((sum, { length }) => sum + length, 0),
  };
}

/** Where sequences part from the reference. */
export const firstDifferences = (
  tokens: readonly (readonly number[])[],
  reference: readonly (readonly number[])[],
): { readonly sequence: number; readonly position: number }[] =>
  compared(tokens, reference)
    .filter(({ equal, length }) => equal < length)
    .map(({ sequence, equal }) => ({ sequence, position: equal }));
