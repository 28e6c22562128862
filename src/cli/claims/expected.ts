/** Verdicts that are expected of a run, so that a changed one is noticed. Pure. */

import { parse } from 'yaml';
import { z } from 'zod';
import { messageOf, type Problem, ProblemsError } from '../../kernel/errors.ts';
import { same, type Words } from '../../kernel/language.ts';
import type { Outcome, Verdict } from '../../verdicts/judge.ts';
import { nearest } from '../suggest.ts';

const OUTCOMES = ['supported', 'refuted', 'undecided', 'not-measured'] as const satisfies readonly Outcome[];

const NO_MAPPING: Words = {
  en: 'expected a mapping from claim to verdict',
  ja: '主張から判定への対応表が必要です',
};
const NO_CLAIM: Words = { en: 'no claim of the study', ja: 'スタディにない主張です' };
const NO_VERDICT: Words = { en: 'no verdict', ja: '判定ではありません' };

export interface ChangedVerdict {
  readonly id: string;
  readonly expected: Outcome;
  readonly found: Outcome;
}

/**
 * The verdict expected of each claim in `text`, a YAML mapping; claims that it does not name may be anything.
 * @throws ProblemsError with every claim that does not exist and every verdict that is none
 */
export function readExpected(text: string, file: string, verdicts: readonly Verdict[]): Map<string, Outcome> {
  const mapping = z.record(z.string(), z.unknown()).safeParse(parsed(text, file));
  if (!mapping.success) throw new ProblemsError(file, [{ path: '', message: NO_MAPPING }]);
  const ids = verdicts.map(({ id }) => id);
  const problems: Problem[] = [];
  const expected = new Map<string, Outcome>();
  for (const [id, value] of Object.entries(mapping.data)) {
    const outcome = OUTCOMES.find((known) => known === value);
    if (!ids.includes(id)) problems.push(problem(id, NO_CLAIM, id, ids));
    else if (outcome === undefined) problems.push(problem(id, NO_VERDICT, String(value), OUTCOMES));
    else expected.set(id, outcome);
  }
  if (problems.length > 0) throw new ProblemsError(file, problems);
  return expected;
}

/** Claims whose verdict is another than expected, in the order of `verdicts`. */
export const changedVerdicts = (
  verdicts: readonly Verdict[],
  expected: ReadonlyMap<string, Outcome>,
): ChangedVerdict[] =>
  verdicts.flatMap(({ id, outcome: found }) => {
    const wanted = expected.get(id);
    return wanted === undefined || wanted === found ? [] : [{ id, expected: wanted, found }];
  });

function parsed(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new ProblemsError(file, [{ path: '', message: same(messageOf(error).split('\n')[0] ?? '') }]);
  }
}

function problem(path: string, message: Words, value: string, allowed: readonly string[]): Problem {
  const near = nearest(value, allowed);
  return {
    path,
    message,
    value,
    allowed: same(allowed.join(', ')),
    ...(near === undefined ? {} : { didYouMean: near }),
  };
}
