/** Garbage is really collected: what nobody holds is gone afterwards. */
import { describe, expect, it } from 'vitest';
import { collectOwnGarbage } from './own-garbage.ts';

describe('collectOwnGarbage', () => {
  it.each(['minor', 'major'] as const)('frees what nobody holds (%s)', (type) => {
    const used = () => process.memoryUsage().heapUsed;
    const waste = () => {
      const made: { readonly text: string }[] = [];
      for (let i = 0; i < 20_000; i += 1) made.push({ text: `garbage ${i}` });
      return made.length;
    };
    collectOwnGarbage('major');
    waste();
    const before = used();
    collectOwnGarbage(type);
    expect(used()).toBeLessThan(before);
  });
});
