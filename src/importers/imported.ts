/**
 * What a file of another benchmark amounts to, as plain data: values under the peer's names with how they stand to ours,
 * and the conditions that the file states. What it does not state is absent or missing with a reason; nothing is guessed.
 */
import type { Relation } from '../dialects/dialect.ts';
import type { Problem } from '../kernel/errors.ts';
import type { Words } from '../kernel/language.ts';
import type { Maybe } from '../kernel/maybe.ts';

export interface ImportedFile {
  /** Name of the file, without its folder. */
  readonly file: string;
  /** Id of the importer. */
  readonly format: string;
  readonly peer: string;
  readonly rows: readonly ImportedRow[];
  /** What a reader should know: what was left out, where the file contradicts itself. */
  readonly notes: readonly Words[];
}

/** One configuration that the file has results for. */
export interface ImportedRow {
  /** Names it within the file: `pp512`, `concurrent 8`; empty where the file has one configuration. */
  readonly test: string;
  readonly conditions: Conditions;
  readonly values: readonly ImportedValue[];
}

/** As far as the file states them. Times of day are left out, so that runs of one configuration are recognised. */
export interface Conditions {
  readonly model?: string;
  /** What was measured, where it is not the peer itself: a server's backend, a library. */
  readonly engine?: string;
  readonly precision?: string;
  readonly device?: string;
  readonly threads?: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** Tokens in the KV cache before. */
  readonly depthTokens?: number;
  /** Sequences generated together. */
  readonly batch?: number;
  /** Anything else, by the peer's names. */
  readonly other: Readonly<Record<string, string>>;
}

export interface ImportedValue {
  /** The peer's name: `mean_ttft_ms`; our metric's id where we computed it from the file's samples. */
  readonly name: string;
  /** `stated`: a number of the file; `samples`: by our definition from the raw samples of the file. */
  readonly from: 'stated' | 'samples';
  readonly relation: Relation;
  /** SI without prefixes. */
  readonly storedUnit: string;
  readonly shown: { readonly unit: string; readonly scale: number; readonly digits: number };
  readonly better: 'higher' | 'lower';
  /** In the stored unit. */
  readonly value: Maybe<number>;
  /** Requests, repetitions, gaps or tokens behind it. */
  readonly samples: Maybe<number>;
}

/** The file's content in the shape that most formats share. */
export type Document =
  | { readonly kind: 'json'; readonly data: unknown }
  /** One JSON value per line. */
  | { readonly kind: 'json-lines'; readonly data: readonly unknown[] }
  | { readonly kind: 'text'; readonly text: string };

export type ReadResult =
  | { readonly kind: 'rows'; readonly rows: readonly ImportedRow[]; readonly notes: readonly Words[] }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] };

/** One format of one peer: one file or folder, one line in the registry. Pure; never throws on any text. */
export interface Importer {
  /** Kebab-case, as `--format` takes it. */
  readonly id: string;
  readonly peer: string;
  /** One line for help: which command of the peer writes it. */
  readonly summary: string;
  /** Where the format was read: repository, file, revision. */
  readonly source: string;
  /** Whether the document has this format's marks; cheap. */
  recognises(document: Document): boolean;
  read(document: Document): ReadResult;
}
