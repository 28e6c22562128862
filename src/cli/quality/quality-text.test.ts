import { describe, expect, it } from 'vitest';
import { same, sayEnglish } from '../../kernel/language.ts';
import type { Effective } from '../../protocol/frames.ts';
import { qualityRow } from './outcome.ts';
import { qualityText } from './quality-text.ts';

const effective: Effective = {
  precision: { weights: 'float32', activations: 'float32', kvCache: 'float32', compute: 'float32' },
  threads: 2,
  settings: {},
};
const windows = [
  { context: [1], tokens: [1, 2, 3, 4], characters: 10 },
  { context: [1], tokens: [5, 6], characters: 5 },
];
const nats = (...bits: number[]) => bits.map((one) => -one * Math.LN2);

describe('qualityText', () => {
  it('shows every row with its interval, and what failed or was left out', async () => {
    const reference = { logLikelihoods: nats(20, 11) };
    const agreement = { positions: 6, equalChoices: 5, meanKlDivergence: 0.0125 };
    const text = qualityText(
      {
        model: 'my-model',
        text: { name: 'novel.txt', hash: 'h', characters: 15 },
        tokenizer: { kind: 'tokenizer.json (BPE)', hash: 't' },
        comesBack: false,
        tokens: 6,
        contextTokens: 256,
        windows: windows.map(({ characters, tokens }) => ({ characters, tokens: tokens.length })),
        reference: 'onnxruntime fp32',
        rows: [
          qualityRow(
            { engine: 'onnxruntime', precision: 'fp32', scores: reference, effective },
            { windows },
            reference,
          ),
          qualityRow(
            {
              engine: 'llama-cpp',
              precision: 'w4',
              scores: { logLikelihoods: nats(22, 12), agreement },
              effective,
            },
            { windows },
            reference,
          ),
        ],
        failures: [
          {
            engine: 'onnxruntime',
            precision: 'fp16',
            failure: { cause: 'engine-error', message: 'the logits of position 3 are not finite' },
          },
        ],
        leftOut: [{ engine: 'openvino', precision: undefined, reason: same('not installed') }],
      },
      sayEnglish,
    );
    await expect(`${text}\n`).toMatchFileSnapshot('../../../test/golden/quality.txt');
  });
});
