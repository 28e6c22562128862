/** What an engine says that it did: a setting among its effective ones has a value. */
import { z } from 'zod';
import { same } from '../../kernel/language.ts';
import { certainly } from '../evidence.ts';
import { factEffect } from '../fact.ts';
import { type ClaimKind, defineClaimKind, EVERYTHING, forField } from '../kind.ts';
import { select } from '../observed.ts';
import { reasonOf } from '../parts.ts';

export const reportsClaim: ClaimKind = defineClaimKind({
  kind: 'reports',
  summary: 'the engine reports a value for one of its effective settings, e.g. how many modules it replaced',
  fields: (field) => ({
    for: forField(field),
    setting: z.string().min(1).describe('Name of the effective setting.'),
    equals: z.union([z.string(), z.number(), z.boolean()]).describe('Its value in every launch.'),
  }),
  selected: ({ for: base = EVERYTHING }) => [{ path: 'for', patterns: [base] }],
  test: ({ for: base = EVERYTHING, setting, equals }, world) => {
    const cells = select(world, base);
    const known = cells.flatMap(({ name, state }) =>
      state.kind === 'measured' && state.settings[setting] !== undefined
        ? [{ name, value: state.settings[setting] }]
        : [],
    );
    const missing = cells.flatMap(({ name, state }) => {
      if (state.kind === 'absent') return [{ name, reason: state.reason }];
      return state.settings[setting] === undefined
        ? [{ name, reason: { en: `it does not report ${setting}`, ja: `${setting} を報告しません` } }]
        : [];
    });
    if (known.length === 0) {
      return { kind: 'not-measured', reason: reasonOf(missing), missing };
    }
    return {
      kind: 'tested',
      evidence: certainly(known.every(({ value }) => value === equals)),
      effects: known.map(({ name, value }) => factEffect(same(`${setting}, ${name}`), same(String(value)))),
      missing,
    };
  },
});
