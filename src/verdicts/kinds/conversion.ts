/** Whether a model can be converted into an engine's own form: the load that does it ends well, or fails for want of room. */
import { z } from 'zod';
import { same, type Words } from '../../kernel/language.ts';
import { mapMaybe } from '../../kernel/maybe.ts';
import { contrast } from '../../stats/contrast.ts';
import { certainly, type Effect } from '../evidence.ts';
import { factEffect, NOW, THEN } from '../fact.ts';
import { type ClaimKind, defineClaimKind, EVERYTHING, forField } from '../kind.ts';
import { absent, isMeasured, type ObservedCell, roundsOf, select } from '../observed.ts';
import { eachByObstacle, reasonOf } from '../parts.ts';
import { estimateOf } from '../quantity.ts';

/** Failures that mean that the work was too much for the machine. */
const TOO_HEAVY: ReadonlySet<string> = new Set(['out-of-memory', 'disk', 'timeout']);

export const conversionClaim: ClaimKind = defineClaimKind({
  kind: 'conversion',
  summary:
    'converting a model for an engine works, or is too heavy (out of memory, disk or time), with what it cost',
  fields: (field) => ({
    for: forField(field),
    possible: z
      .boolean()
      .describe('What is claimed: that all of these can be converted, or that some cannot.'),
    stated: z.string().min(1).describe('What was the case when the claim was made, and its source.'),
  }),
  selected: ({ for: base = EVERYTHING }) => [{ path: 'for', patterns: [base] }],
  test: ({ for: base = EVERYTHING, possible, stated }, world) => {
    const cells = select(world, base);
    const missing = eachByObstacle(absent(cells));
    const failed = cells.filter(
      ({ state }) => state.kind === 'absent' && state.why === 'failed' && TOO_HEAVY.has(state.cause ?? ''),
    );
    const worked = cells.filter(({ state }) => state.kind === 'measured');
    // That an engine or a GPU is not here says nothing.
    const possibleHere = cells.filter(
      ({ state }) =>
        state.kind === 'measured' || (state.why !== 'unavailable' && state.why !== 'unsupported'),
    );
    const everything = worked.length + failed.length === possibleHere.length;
    if (failed.length === 0 && (worked.length === 0 || !everything)) {
      return { kind: 'not-measured', reason: reasonOf(missing), missing };
    }
    return {
      kind: 'tested',
      evidence: certainly((failed.length === 0) === possible),
      effects: [
        factEffect(THEN, same(stated)),
        factEffect(NOW, conversionWords(failed.map(({ name }) => name))),
        ...worked.flatMap(costs),
      ],
      missing,
    };
  },
});

const conversionWords = (failed: readonly string[]): Words =>
  failed.length === 0
    ? { en: 'all were converted', ja: 'すべて変換できました' }
    : { en: `failed: ${failed.join(', ')}`, ja: `失敗: ${failed.join(', ')}` };

/** Time and bytes of the launch that converted. */
function costs(cell: ObservedCell): Effect[] {
  return ['conversion-time', 'conversion-bytes'].flatMap((metric) => {
    if (!isMeasured(cell, metric)) return [];
    const found = contrast([{ weight: 1, rounds: roundsOf(cell, metric, (value) => value) }]);
    return [
      {
        name: same(`${metric}, ${cell.name}`),
        value: mapMaybe(found, (one) => estimateOf(one, (value) => value)),
        bound: same(''),
        unit: metric === 'conversion-time' ? same('s') : { en: 'bytes', ja: 'バイト' },
      },
    ];
  });
}
