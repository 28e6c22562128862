/** An architecture: how a Hugging Face `config.json` becomes a description, and how llama.cpp names it. */
import type { Words } from '../../kernel/language.ts';
import type { ModelDescription } from '../description.ts';
import type { GgufFacts } from '../gguf/facts.ts';
import type { GgufValue } from '../gguf/format.ts';
import type { ModelShape } from '../shape.ts';

/** One file per architecture: the only place that knows a family. */
export interface Architecture {
  /** `model_type` of config.json. */
  readonly modelType: string;
  readonly id: ModelShape['architecture'];
  /** @throws ProblemsError with every problem of the config at once. */
  parseConfig(config: unknown): ModelShape;
  /** The inverse: a config.json with the classic keys, so that every engine reads the same shape. */
  writeConfig(shape: ModelShape): Readonly<Record<string, unknown>>;
  describe(shape: ModelShape): ModelDescription;
  /** Buffers of real checkpoints that are skipped by name. */
  isBuffer(tensorName: string): boolean;
  readonly gguf: GgufNaming;
}

/** What llama.cpp calls the architecture, and what it does differently. */
export interface GgufNaming {
  /** `general.architecture`, the prefix of its keys. */
  readonly name: string;
  /** `interleaved`: it turns neighbours, so that rows of queries and keys are written in that order. */
  readonly rotaryOrder: 'half-split' | 'interleaved';
  /** Whether a tied head must be written a second time. */
  readonly tiedHead: 'copied' | 'shared';
  /** Keys of its own, without the prefix. */
  metadata(shape: ModelShape): readonly (readonly [key: string, value: GgufValue])[];
  /** The keys of a config.json that a file's header amounts to: what `metadata` wrote, read back. */
  config(facts: GgufFacts): Readonly<Record<string, unknown>>;
  /** Why llama.cpp would compute something else than the config says; undefined where it would not. */
  problem(shape: ModelShape): Words | undefined;
}
