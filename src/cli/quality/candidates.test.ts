import { describe, expect, it } from 'vitest';
import { engineDeclaration } from '../../engines/declarations.ts';
import { same } from '../../kernel/language.ts';
import { missing } from '../../kernel/maybe.ts';
import { presetOf } from '../../models/presets.ts';
import { qualityCandidates } from './candidates.ts';

const { shape } = presetOf('tiny');
const model = {
  name: 'mine',
  path: '/mine',
  format: 'safetensors',
  modelHash: 'h',
  origin: { kind: 'published', name: 'mine' },
  shape,
  file: undefined,
  vocabularySize: shape.vocabularySize,
  maximumPositions: shape.maximumPositions,
  bosTokenId: undefined,
  endOfTextTokens: [],
  tokenizer: missing(same('none')),
  warnings: [],
} as const;
const onnxruntime = engineDeclaration('onnxruntime')!;
const candidatesFor = (init: { contextTokens?: number; availableBytes?: number }) =>
  qualityCandidates({
    model,
    engines: [{ declaration: onnxruntime, health: { kind: 'ready', version: '1', detail: '' } }],
    precisions: ['fp32'],
    threads: 1,
    availableBytes: init.availableBytes,
    contextTokens: init.contextTokens ?? 8,
    windowTokens: 8,
  });

describe('qualityCandidates', () => {
  it('goes through what fits', () => {
    const { candidates, leftOut, reference } = candidatesFor({});
    expect(candidates.map(({ cell }) => cell.precision)).toEqual(['fp32']);
    expect(leftOut).toEqual([]);
    expect(reference?.cell.options).toMatchObject({ attention: 'plain' });
  });

  it('had a copy of the plan that did not know the positions of a model, nor the memory that must stay free', () => {
    const beyond = candidatesFor({ contextTokens: shape.maximumPositions });
    expect(beyond.candidates).toEqual([]);
    expect(beyond.reference).toBeUndefined();
    expect(beyond.leftOut).toEqual([
      {
        engine: 'onnxruntime',
        precision: 'fp32',
        reason: expect.objectContaining({
          en: `${shape.maximumPositions + 8} positions (depth 0 + input ${shape.maximumPositions} + output 8) exceed the model's ${shape.maximumPositions}`,
        }),
      },
    ]);
    // 512 MiB stay free, as in a plan.
    const [tight] = candidatesFor({ availableBytes: 512 * 2 ** 20 }).leftOut;
    expect(tight?.reason.en).toContain('more memory than the 0 B that are available');
  });
});
