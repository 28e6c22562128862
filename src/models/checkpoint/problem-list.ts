/** Problems of one file, gathered; a file of garbage reports the first of them and how many more there are. */
import { type Problem, ProblemsError } from '../../kernel/errors.ts';

const SHOWN = 50;

export interface ProblemList {
  add(problem: Problem): void;
  /** @throws ProblemsError where anything was added */
  throwIfAny(): void;
}

/** `what`: the file that the problems are of. */
export function problemList(what: string): ProblemList {
  const shown: Problem[] = [];
  let count = 0;
  return {
    add: (problem) => {
      count += 1;
      if (shown.length < SHOWN) shown.push(problem);
    },
    throwIfAny: () => {
      if (count === 0) return;
      const rest = count - shown.length;
      throw new ProblemsError(
        what,
        rest === 0
          ? shown
          : [
              ...shown,
              { path: '', message: { en: `and ${rest} more problems`, ja: `ほか ${rest} 件の問題` } },
            ],
      );
    },
  };
}
