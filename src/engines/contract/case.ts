/**
 * The contract that every engine keeps, as named cases. A case knows no engine: what it may skip it reads from the
 * declared capabilities, and what an engine cannot keep stands in its declaration, with the reason.
 */

import type { Outcome, WorkerHandle } from '../../executors/executor.ts';
import type { Words } from '../../kernel/language.ts';
import type { PrecisionName } from '../../models/precision.ts';
import type { ModelShape } from '../../models/shape.ts';
import { failureWords } from '../../protocol/failure.ts';
import type { GenerateRequest } from '../../protocol/frames.ts';
import type { EngineDeclaration } from '../declaration.ts';

export interface ContractCase {
  /** In English: its identity, by which declarations name exceptions. */
  readonly name: string;
  /** The same for people who read Japanese. */
  readonly inJapanese: string;
  /** Why it does not apply to this engine, from its capabilities; undefined where it applies. */
  inapplicable(declaration: EngineDeclaration): string | undefined;
  run(bench: Bench): Promise<Findings>;
}

export const caseWords = ({ name, inJapanese }: ContractCase): Words => ({ en: name, ja: inJapanese });

export interface Findings {
  /** Each breaks the contract; none = the engine conforms. */
  readonly problems: readonly string[];
  /** Measured and printed, never judged. */
  readonly notes: readonly Words[];
}

/** What a case works with: one model, and workers of the engine under test. */
export interface Bench {
  readonly declaration: EngineDeclaration;
  readonly shape: ModelShape;
  /** A worker with the model loaded in `precision`, shared by cases and restarted where it is gone. */
  loaded(precision: PrecisionName): Promise<WorkerHandle>;
  /** A worker of its own with nothing loaded; the bench stops it in the end. */
  fresh(): Promise<WorkerHandle>;
  loadRequest(precision: PrecisionName): Parameters<WorkerHandle['load']>[0];
  /** The first `count` greedy tokens after `prompt`, by the slow reference. */
  reference(prompt: readonly number[], count: number): readonly number[];
  /** A path for a file of the engine, inside a folder that is removed in the end. */
  scratchFile(name: string): string;
}

export type Generation = Omit<GenerateRequest, 'kind' | 'id'>;

/** A deadline that no case comes near. */
export const AMPLE_MS = 60_000;

/** The same of a load: some engines import for most of a minute where other work goes on. */
export const AMPLE_LOAD_MS = 300_000;

/** A forced static generation of `count` tokens per prompt, unless told otherwise. */
export function generation(
  prompts: readonly (readonly number[])[],
  count: number,
  changes: Partial<Generation> = {},
): Generation {
  return {
    prompts: prompts.map((prompt) => [...prompt]),
    depthTokens: 0,
    outputTokens: prompts.map(() => count),
    batching: 'static',
    slots: prompts.length,
    stopTokens: [],
    deadline_ms: AMPLE_MS,
    ...changes,
  };
}

/** `lengths.length` prompts of these lengths, all different, within a vocabulary of 64 or more. */
export function promptsOf(...lengths: readonly number[]): number[][] {
  return lengths.map((length, row) =>
    Array.from({ length }, (_, column) => 1 + ((row * 17 + column * 7 + column * column) % 61)),
  );
}

/** The value, or a throw that the suite reports as a problem of the case. */
export function expectOk<T>(outcome: Outcome<T>, what: string): T {
  if (outcome.kind === 'ok') return outcome.value;
  throw new Error(`${what} failed: ${failureWords(outcome.failure).en}`);
}

/** The greedy tokens of each prompt generated alone. */
export async function aloneTokens(
  handle: WorkerHandle,
  prompts: readonly (readonly number[])[],
  count: number,
): Promise<number[][]> {
  const result: number[][] = [];
  for (const prompt of prompts) {
    const sample = expectOk(await handle.generate(generation([prompt], count)), 'a prompt alone');
    result.push(...sample.sequences.map(({ tokens }) => tokens));
  }
  return result;
}

/** One problem for each sequence whose tokens differ. */
export function differences(
  what: string,
  actual: readonly (readonly number[])[],
  expected: readonly (readonly number[])[],
): string[] {
  return expected.flatMap((tokens, index) => {
    const other = actual[index] ?? [];
    if (tokens.length === other.length && tokens.every((token, i) => token === other[i])) return [];
    return [`${what}: sequence ${index} is [${other.join(' ')}], expected [${tokens.join(' ')}]`];
  });
}

export const judged = (problems: readonly string[]): Findings => ({ problems, notes: [] });
export const always = (): undefined => undefined;
