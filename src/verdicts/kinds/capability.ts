/**
 * Whether something can run at all. That a machine lacks a GPU or that an engine is not installed says nothing; that an
 * engine which is here declares that it cannot, or that a cell ran, does.
 */
import { z } from 'zod';
import { same } from '../../kernel/language.ts';
import { certainly } from '../evidence.ts';
import { factEffect, NOW, THEN } from '../fact.ts';
import { type ClaimKind, defineClaimKind, EVERYTHING, forField } from '../kind.ts';
import { absent, select } from '../observed.ts';
import { eachByObstacle, reasonOf } from '../parts.ts';

export const capabilityClaim: ClaimKind = defineClaimKind({
  kind: 'capability',
  summary: 'something can, or cannot, run at all: then (as it was stated) and now (here, in this version)',
  fields: (field) => ({
    for: forField(field),
    possible: z.boolean().describe('What is claimed: that it can run, or that it cannot.'),
    stated: z.string().min(1).describe('What was the case when the claim was made, and its source.'),
  }),
  selected: ({ for: base = EVERYTHING }) => [{ path: 'for', patterns: [base] }],
  test: ({ for: base = EVERYTHING, possible, stated }, world) => {
    const cells = select(world, base);
    const ran = cells.filter(({ state }) => state.kind === 'measured');
    const cannot = cells.filter(({ state }) => state.kind === 'absent' && state.why === 'unsupported');
    const missing = eachByObstacle(absent(cells));
    if (ran.length === 0 && (cannot.length === 0 || cannot.length < cells.length)) {
      return { kind: 'not-measured', reason: reasonOf(missing), missing };
    }
    const now = ran.length > 0;
    return {
      kind: 'tested',
      evidence: certainly(now === possible),
      effects: [
        factEffect(THEN, same(stated)),
        factEffect(
          NOW,
          now
            ? { en: `ran: ${ran[0]?.name ?? ''}`, ja: `動いたもの: ${ran[0]?.name ?? ''}` }
            : {
                en: `cannot: ${missing[0]?.reason.en ?? ''}`,
                ja: `動きません: ${missing[0]?.reason.ja ?? ''}`,
              },
        ),
      ],
      missing,
    };
  },
});
