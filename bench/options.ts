/** Options of `npm run bench`, shared by its parts. */

/** Of parts that begin no comparison after it, where `--budget` is not given. */
export const DEFAULT_BUDGET_MS = 7_200_000;

/** As given on the command line. */
export interface BenchOptions {
  /** Blocks of each comparison. */
  readonly blocks: number;
  readonly seed: number;
  /** Comparisons of part `same`, each way. */
  readonly comparisons: number;
  /** Conditions of part `same`: `none`, `burner`. */
  readonly neighbours: readonly string[];
  readonly threads: number;
  /** Engine-and-precision pairs (`onnxruntime/fp32`), presets or classes of precision, as the part has; empty means all. */
  readonly only: readonly string[];
  readonly batches: readonly number[];
  /** Prompt tokens and new tokens of each sequence. */
  readonly input: number;
  readonly output: number;
  /** Launches of each engine in part `side-by-side`; undefined = those of its studies. */
  readonly rounds: number | undefined;
  /**
   * Time of this invocation. Comparisons are not begun after it, and what was left out is named; `side-by-side` ends
   * there and goes on next time. Undefined = each part's own.
   */
  readonly budget_ms: number | undefined;
  /** Added to the name of the result's file. */
  readonly label: string | undefined;
}
