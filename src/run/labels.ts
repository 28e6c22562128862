/** What a cell is called in progress lines: the lengths and the batch, the depth where there is one. */
import type { Cell } from '../axes/cell.ts';
import type { Words } from '../kernel/language.ts';

/** `batch 4, 64 in, 64 out` */
export function cellLabel({ batch, batching, slots, inputTokens, outputTokens, depthTokens }: Cell): Words {
  const hasDepth = depthTokens > 0;
  const hasSlots = batching === 'continuous';
  return {
    en: `batch ${batch}, ${inputTokens} in, ${outputTokens} out${hasDepth ? `, depth ${depthTokens}` : ''}${hasSlots ? `, ${slots} slots` : ''}`,
    ja: `バッチ ${batch}、入力 ${inputTokens}、出力 ${outputTokens}${hasDepth ? `、深さ ${depthTokens}` : ''}${hasSlots ? `、スロット ${slots}` : ''}`,
  };
}
