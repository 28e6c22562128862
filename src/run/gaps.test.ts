import { describe, expect, it } from 'vitest';
import { valueOrThrow } from '../../test/support/local-worker.ts';
import { SIMULATED_LOAD, startSimulated } from '../../test/support/simulated-worker.ts';
import { greedyTokens } from '../engines/sim/language.ts';
import { differencesOf } from './gaps.ts';

const VOCABULARY = 50_000;
const prompts = [
  [1, 2],
  [3, 4],
];
const reference = {
  prompts,
  tokens: prompts.map((prompt) => greedyTokens(prompt, 4, VOCABULARY)),
  logitsPath: undefined,
};

async function loadedSim() {
  const { handle } = await startSimulated();
  valueOrThrow(await handle.load(SIMULATED_LOAD, 60_000));
  return handle;
}

/** `tokens` with another one at `position`. */
const changed = (tokens: readonly number[] = [], position: number): number[] =>
  tokens.map((token, index) => (index === position ? (token + 1) % VOCABULARY : token));

describe('differencesOf', () => {
  it('asks nothing where all tokens are equal', async () => {
    const handle = await loadedSim();
    expect(await differencesOf(handle, reference.tokens, reference, 1000)).toEqual({ kind: 'ok', value: [] });
  });

  it('is how much likelier the engine holds its own token than the one of the reference', async () => {
    const handle = await loadedSim();
    const [first = [], second = []] = reference.tokens;
    const found = await differencesOf(handle, [first, changed(second, 2)], reference, 1000);
    if (found.kind === 'failed') throw new Error('not scored');
    // The simulated engine holds its greedy token, here the reference's, to be twice as likely as any other.
    expect(found.value).toEqual([{ sequence: 1, position: 2, gap_nats: expect.closeTo(-Math.LN2, 9) }]);
    const turned = { ...reference, tokens: [first, changed(second, 2)] };
    expect(await differencesOf(handle, reference.tokens, turned, 1000)).toEqual({
      kind: 'ok',
      value: [{ sequence: 1, position: 2, gap_nats: expect.closeTo(Math.LN2, 9) }],
    });
  });

  it('is near 0 where the engine holds both to be equally likely', async () => {
    const handle = await loadedSim();
    const [first = [], second = []] = reference.tokens;
    const other = second.map((token, index) => (index === 2 ? (token + 2) % VOCABULARY : token));
    const parted = { ...reference, tokens: [first, other] };
    expect(await differencesOf(handle, [first, changed(second, 2)], parted, 1000)).toEqual({
      kind: 'ok',
      value: [{ sequence: 1, position: 2, gap_nats: expect.closeTo(0, 9) }],
    });
  });

  it('does not ask where many sequences part: that is no matter of rounding', async () => {
    const handle = await loadedSim();
    const many = Array.from({ length: 5 }, (_, index) => [index + 1]);
    const tokens = many.map((prompt) => greedyTokens(prompt, 2, VOCABULARY));
    const parted = tokens.map((own) => changed(own, 0));
    expect(
      await differencesOf(handle, parted, { prompts: many, tokens, logitsPath: undefined }, 1000),
    ).toEqual({ kind: 'ok', value: [] });
  });
});
