/** The memory that a cell needs, for people. */
import prettyBytes from 'pretty-bytes';
import { type MemoryEstimate, totalBytes } from '../engines/declaration.ts';
import type { Words } from '../kernel/language.ts';

/** `about 30.5 GB: weights 28.9 GB, KV cache 519 MB` */
export function needsText(memory: MemoryEstimate): Words {
  const [total, weights, kvCache] = [totalBytes(memory), memory.weightBytes, memory.kvCacheBytes].map(
    (bytes) => prettyBytes(bytes),
  );
  return {
    en: `about ${total}: weights ${weights}, KV cache ${kvCache}`,
    ja: `約 ${total}: 重み ${weights}、KV キャッシュ ${kvCache}`,
  };
}
