/** Options of `npm run bench`, shared by its parts. */
export interface BenchOptions {
  /** Blocks of each comparison. */
  readonly blocks: number;
  readonly seed: number;
  /** Comparisons of part `same`, each way. */
  readonly comparisons: number;
  /** Conditions of part `same`: `none`, `burner`. */
  readonly neighbours: readonly string[];
  readonly threads: number;
  /** Engine-and-precision pairs, e.g. `onnxruntime/fp32`, or what else the part says it takes; empty means all. */
  readonly only: readonly string[];
  readonly batches: readonly number[];
  /** Prompt tokens and new tokens of each sequence. */
  readonly input: number;
  readonly output: number;
  /** No comparison is begun after this many minutes; what was left out is named in the result. */
  readonly minutes: number;
  /** Added to the name of the result's file. */
  readonly label: string | undefined;
}
