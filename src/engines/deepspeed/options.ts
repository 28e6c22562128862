/** Options of the deepspeed engine. */
import { z } from 'zod';
import { described } from '../option-words.ts';

export const deepSpeedOptions = z.strictObject({
  mode: described(z.enum(['auto-tp', 'kernel-injection', 'fastgen']).default('auto-tp'), {
    en: 'auto-tp: linear layers sharded over ranks; kernel-injection: blocks replaced by its fused kernels (cuda); fastgen: its inference engine v2 (cuda). What replaces nothing is refused',
    ja: 'auto-tp: 線形層をランクに分割。kernel-injection: ブロックを融合カーネルに置換（cuda）。fastgen: 推論エンジン v2（cuda）。何も置換しない場合は拒否する',
  }),
  ranks: described(z.number().int().min(2).max(64).default(2), {
    en: 'processes that share the model with auto-tp; the threads are divided among them',
    ja: 'auto-tp でモデルを分け合うプロセスの数。スレッドはその間で分ける',
  }),
});
