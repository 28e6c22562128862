import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  checkpointFolder,
  context,
  folder,
  open,
  ragged,
  references,
  request,
  tiny,
  tokensOf,
} from '../../../test/support/onnxruntime-worker.ts';
import type { PrecisionName } from '../../models/precision.ts';

describe('precisions', () => {
  const path = checkpointFolder('tiny');

  it.each(['fp16', 'w8a8', 'w8', 'w4'] as const)(
    '%s generates from both attentions alike',
    async (precision) => {
      const prompts = [ragged[0]!];
      const fused = await open(path, {}, precision);
      const plain = await open(path, { attention: 'plain' }, precision);
      const tokens = tokensOf(fused.engine, request(prompts, 6));
      expect(tokens[0]).toHaveLength(6);
      // fp16 attention computes in float16 where it is fused and in float32 where it is plain.
      if (precision !== 'fp16') expect(tokensOf(plain.engine, request(prompts, 6))).toEqual(tokens);
      fused.engine.unload();
      plain.engine.unload();
    },
  );

  it('w8 in float32 activations follows the reference closely, w4 less so', async () => {
    const expected = references(path, ragged, 8);
    const logitsFile = { path: join(folder, 'logits.f32'), mode: 'write' as const };
    const scoring = {
      kind: 'score' as const,
      id: 3,
      prompts: ragged,
      continuations: expected,
      deadline_ms: 1,
    };
    const reference = await open(path);
    const written = reference.engine.score({ ...scoring, logitsFile }, context);
    expect(written).toMatchObject({ equalPositions: 40, positions: 40 });
    const compare = { ...scoring, logitsFile: { ...logitsFile, mode: 'compare' as const } };
    const same = { ...written, meanKlDivergence: 0, equalChoices: 40 };
    expect(reference.engine.score(compare, context)).toEqual(same);
    const divergence = async (precision: PrecisionName): Promise<number> => {
      const { engine } = await open(path, { accuracyLevel: 1 }, precision);
      const { meanKlDivergence } = engine.score(compare, context);
      engine.unload();
      return meanKlDivergence!;
    };
    const [eight, four] = [await divergence('w8'), await divergence('w4')];
    expect(eight).toBeGreaterThan(0);
    expect(eight).toBeLessThan(0.001);
    expect(four).toBeGreaterThan(eight);
    expect(four).toBeLessThan(0.5);
    const withoutCache = await open(path, { kvCache: 'off' });
    expect(withoutCache.engine.score(compare, context).equalPositions).toBe(40);
    reference.engine.unload();
    withoutCache.engine.unload();
  });

  it.each(['w8', 'w4'] as const)(
    '%s takes its prompts through int8 where that is asked for',
    async (precision) => {
      const asked = request(ragged, 6);
      const own = await open(path, {}, precision);
      const eight = await open(path, {}, 'w8a8');
      const both = await open(path, { prefillWeights: 'int8' }, precision);
      expect(both.loaded.effective.settings).toMatchObject({ prefillWeights: 'int8' });
      expect(both.loaded.cacheEntries).toHaveLength(2);
      const [tokens, ofOwn, ofEight] = [both, own, eight].map(({ engine }) => tokensOf(engine, asked));
      // The first token is the prefill's; what is decoded after it is neither's alone.
      expect(tokens!.map(([first]) => first)).toEqual(ofEight!.map(([first]) => first));
      expect(tokensOf(both.engine, asked)).toEqual(tokens);
      // A prompt of one token is no step of several: it is decoded.
      const single = request([ragged[4]!], 6);
      expect(tokensOf(both.engine, single)).toEqual(tokensOf(own.engine, single));
      expect(ofOwn).toHaveLength(ragged.length);
      for (const { engine } of [own, eight, both]) engine.unload();
    },
  );

  it('quantise once and say how many bytes they wrote', async () => {
    const own = checkpointFolder('once', { ...tiny, layerCount: 3 });
    const first = await open(own, {}, 'w8');
    expect(first.loaded.stages.map(({ name }) => name)).toEqual([
      'open-checkpoint',
      'link-weights',
      'quantise',
      'write-graph',
      'create-session',
      'huge-pages',
    ]);
    expect(first.loaded.cacheBytesWritten).toBeGreaterThan(3 * 12 * 64 * 64);
    const second = await open(own, {}, 'w8');
    expect(second.loaded.cacheBytesWritten).toBe(0);
    expect(second.loaded.effective.precision).toEqual({
      weights: 'int8',
      activations: 'int8',
      kvCache: 'float32',
      compute: 'int32',
      groupSize: 32,
    });
    first.engine.unload();
    second.engine.unload();
  });
});
