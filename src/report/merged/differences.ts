/** What differs between the runs of a merged report: study, margins, versions, machines. */
import { journalState } from '../../journal/state.ts';
import { marginsHash } from '../claims.ts';
import { conditions } from '../conditions.ts';
import type { MergedDifference } from './model.ts';
import type { MergedSide } from './side.ts';

/** Facts of single runs, which always differ. */
const OWN: ReadonlySet<string> = new Set(['run', 'machine']);

const marginsOf = ({ input }: MergedSide): string =>
  input.study.claims.length === 0 ? 'no claims' : marginsHash(input.study.claims);

/** Whether the claims were fixed differently, so that their verdicts do not answer one question. */
export const marginsDiffer = (sides: readonly MergedSide[]): boolean =>
  new Set(sides.map(marginsOf)).size > 1;

/** Every condition that is not equal in all runs, `none` where a run lacks it. */
export function runDifferences(sides: readonly MergedSide[]): MergedDifference[] {
  const facts = sides.map((side) => {
    const { input } = side;
    const own = conditions(input.environment, journalState(input.records)).filter(
      ({ name }) => !OWN.has(name) && !name.startsWith('measured '),
    );
    return new Map([
      ['study', input.study.name],
      ['margins of claims', marginsOf(side)],
      ['rounds', String(input.study.minimumRounds)],
      ...own.map(({ name, value }) => [name, value] as const),
    ]);
  });
  const names = [...new Set(facts.flatMap((own) => [...own.keys()]))];
  return names.flatMap((name) => {
    const values = facts.map((own) => own.get(name) ?? 'none');
    return new Set(values).size > 1 ? [{ name, values }] : [];
  });
}
