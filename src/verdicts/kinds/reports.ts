/** What an engine says that it did: a setting among its effective ones has a value. */
import { z } from 'zod';
import { same } from '../../kernel/language.ts';
import { type Absence, certainly } from '../evidence.ts';
import { factEffect } from '../fact.ts';
import { type ClaimKind, defineClaimKind, EVERYTHING, forField } from '../kind.ts';
import { absent, select } from '../observed.ts';
import { eachByObstacle, reasonOf } from '../parts.ts';

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
    const silent = cells.filter(
      ({ state }) => state.kind === 'measured' && state.settings[setting] === undefined,
    );
    const missing = eachByObstacle([
      ...absent(cells),
      ...silent.map(
        ({ name }): Absence => ({
          name,
          reason: { en: `it does not report ${setting}`, ja: `${setting} を報告しません` },
          obstacle: 'no-value',
        }),
      ),
    ]);
    if (known.length === 0) {
      return { kind: 'not-measured', reason: reasonOf(missing), missing };
    }
    return {
      kind: 'tested',
      evidence: certainly(known.every(({ value }) => value === equals)),
      effects: byValue(known).map(({ value, names }) =>
        factEffect(
          {
            en: `${setting}, ${names.length === 1 ? names[0] : `${names.length} cells from ${names[0]} to ${names.at(-1)}`}`,
            ja: `${setting}、${names.length === 1 ? names[0] : `${names[0]} から ${names.at(-1)} までの ${names.length} セル`}`,
          },
          same(value),
        ),
      ),
      missing,
    };
  },
});

/** Cells that report the same stand together, in the order of the values. */
function byValue(
  known: readonly { readonly name: string; readonly value: string | number | boolean }[],
): { readonly value: string; readonly names: readonly string[] }[] {
  const groups = new Map<string, string[]>();
  for (const { name, value } of known) {
    const names = groups.get(String(value));
    if (names === undefined) groups.set(String(value), [name]);
    else names.push(name);
  }
  return [...groups].map(([value, names]) => ({ value, names }));
}
