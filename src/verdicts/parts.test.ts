/** Why nothing could be compared: the obstacle that decides, not whichever comes first. */
import { describe, expect, it } from 'vitest';
import { same } from '../kernel/language.ts';
import type { Absence, Obstacle } from './evidence.ts';
import { byObstacle, eachByObstacle, reasonOf } from './parts.ts';

const lacking = (obstacle: Obstacle, reason: string, name = reason): Absence => ({
  name,
  reason: same(reason),
  obstacle,
});

const LATE = lacking('not-run', 'beyond the time');
const NO_GPU = lacking('unavailable', 'no GPU');
const CANNOT = lacking('unsupported', 'does not compute on cuda:0');

describe('reasonOf', () => {
  it('gave the missing GPU as the reason where the cells of the CPU were only not reached yet', () => {
    expect(reasonOf(byObstacle([[CANNOT, CANNOT], [NO_GPU], [LATE, LATE]]))).toEqual(same('beyond the time'));
  });

  it('is the hardest obstacle of the comparison that is nearest to being made', () => {
    // A GPU against a CPU: that the side of the CPU was not reached is not why.
    expect(reasonOf(byObstacle([[LATE, NO_GPU], [CANNOT]]))).toEqual(same('no GPU'));
    expect(
      reasonOf(
        byObstacle([
          [LATE, NO_GPU],
          [LATE, CANNOT],
        ]),
      ),
    ).toEqual(same('no GPU'));
  });

  it('names different words of one obstacle, three at most, each once', () => {
    const words = ['a', 'b', 'a', 'c', 'd'].map((reason, index) => lacking('failed', reason, String(index)));
    expect(reasonOf(eachByObstacle(words)).en).toBe('a; b; c');
    expect(reasonOf([]).en).toBe('no cell of the study is of this kind');
  });
});
