/**
 * What llama.cpp says while it loads and computes: kept instead of printed, so that a worker's streams stay quiet and
 * a failure can quote the last lines.
 */

export interface LogTail {
  /**
   * Called with each piece of text; pieces of one line may come apart.
   * @param level severity as ggml counts: 1 debug, 2 information, 3 warning, 4 error, 5 continuation
   */
  add(level: number, text: string): void;
  /** The last lines, oldest first. */
  lines(): readonly string[];
  /** The last lines of severity warning or error. */
  warnings(): readonly string[];
  clear(): void;
}

interface Line {
  readonly level: number;
  text: string;
}

/** Keeps the last `capacity` lines. */
export function logTail(capacity = 400): LogTail {
  const kept: Line[] = [];
  let isOpen = false;
  return {
    add(level, text) {
      const last = kept.at(-1);
      if (isOpen && last !== undefined) last.text += text;
      else kept.push({ level, text });
      isOpen = !text.endsWith('\n');
      if (kept.length > capacity) kept.splice(0, kept.length - capacity);
    },
    lines: () => kept.map((line) => line.text.trimEnd()),
    warnings: () =>
      kept.filter((line) => line.level === 3 || line.level === 4).map((line) => line.text.trimEnd()),
    clear() {
      kept.length = 0;
      isOpen = false;
    },
  };
}
