/** What differs between the runs of a merged report: study, margins, versions, machines. */

import { journalState } from '../../journal/state.ts';
import { once, same, type Words } from '../../kernel/language.ts';
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

const NONE: Words = { en: 'none', ja: 'なし' };

/** Every condition that is not equal in all runs, `none` where a run lacks it. */
export function runDifferences(sides: readonly MergedSide[]): MergedDifference[] {
  const facts = sides.map((side) => {
    const { input } = side;
    const own = conditions(input.environment, journalState(input.records)).filter(
      ({ name }) => !OWN.has(name.en) && !name.en.startsWith('measured '),
    );
    return [
      { name: { en: 'study', ja: 'スタディ' }, value: same(input.study.name) },
      { name: { en: 'margins of claims', ja: '主張のマージン' }, value: same(marginsOf(side)) },
      { name: { en: 'rounds', ja: 'ラウンド数' }, value: same(String(input.study.minimumRounds)) },
      ...own,
    ];
  });
  const byName = facts.map((own) => new Map(own.map(({ name, value }) => [name.en, value])));
  return once(facts.flatMap((own) => own.map(({ name }) => name))).flatMap((name) => {
    const values = byName.map((own) => own.get(name.en) ?? NONE);
    return once(values).length > 1 ? [{ name, values }] : [];
  });
}
