/** Problems on their way through zod, which knows texts of one language only: the words go along as parameters. */
import type { z } from 'zod';
import type { Words } from '../kernel/language.ts';

interface ProblemInit {
  readonly message: Words;
  readonly path?: readonly PropertyKey[];
  readonly params?: ProblemParameters;
}

/** What a custom issue of ours says beside zod's message. */
export interface ProblemParameters {
  readonly words?: Words;
  readonly allowed?: Words;
  readonly didYouMean?: string;
}

/** As the second argument of `refine`. */
export const problemOf = ({ message, path, params }: ProblemInit) => ({
  message: message.en,
  params: { ...params, words: message },
  ...(path === undefined ? {} : { path: [...path] }),
});

/** Where a check puts what it finds. */
export type Issues = Pick<z.core.$RefinementCtx, 'addIssue'>;

export const addProblem = (context: Issues, init: ProblemInit): void =>
  context.addIssue({ code: 'custom', ...problemOf(init) });
