/** Options of the bettertransformer engine. */
import { z } from 'zod';
import { described } from '../option-words.ts';

export const betterTransformerOptions = z.strictObject({
  form: described(z.enum(['eager', 'transformed']).default('transformed'), {
    en: 'transformed: after BetterTransformer.transform; eager: the same model in the same environment without it, the only fair baseline',
    ja: 'transformed: BetterTransformer.transform の後。eager: 同じ環境の同じモデルを変換せずに（唯一の公平な基準）',
  }),
  control: described(z.enum(['none', 'encoder']).default('none'), {
    en: "encoder: instead of the model one forward pass of a BERT-shaped encoder with the model's dimensions and random weights, to show what the library was made for; outputTokens must be 1",
    ja: 'encoder: モデルの代わりに、モデルの次元と乱数の重みを持つ BERT 型エンコーダーの順伝播を 1 回。このライブラリの本来の用途を示すため。outputTokens は 1 に限る',
  }),
  paddingShare: described(z.number().min(0).max(0.95).default(0), {
    en: 'of control encoder: share of the inputTokens positions of every sequence that is padding, e.g. 0, 0.5 and 0.75; nested tensors skip it',
    ja: 'control encoder 用: 各系列の inputTokens の位置のうちパディングの割合（0、0.5、0.75 など）。nested tensor はこれを飛ばす',
  }),
});
