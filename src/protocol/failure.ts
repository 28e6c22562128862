/** A failure is data: why a launch or a repeat gave no number. */
import { z } from 'zod';
import { asWords, type Words } from '../kernel/language.ts';
import { recordedTextSchema } from '../kernel/recorded-words.ts';
import { loadStagesSchema } from './conversion.ts';

export const FAILURE_CAUSES = [
  'out-of-memory',
  'timeout',
  'unsupported',
  'crash',
  'protocol',
  'cancelled',
  'bad-checkpoint',
  'disk',
  'engine-error',
] as const;
export type FailureCause = (typeof FAILURE_CAUSES)[number];

export const failureSchema = z.strictObject({
  cause: z.enum(FAILURE_CAUSES),
  /** What Hayasa says is recorded in every language; a string is what others say: engines, libraries, workers in Python. */
  message: recordedTextSchema,
  /** The way out, where one is known. */
  hint: recordedTextSchema.optional(),
  /** The last lines of the worker's stderr. */
  stderrTail: z.string().optional(),
  /** Of a load that had begun: what it had done, its stages (the last as far as it came) and bytes written to the cache. */
  partialLoad: loadStagesSchema.optional(),
});
export type Failure = z.infer<typeof failureSchema>;

/** What people read for a cause; in English its name in the data. */
const CAUSES_JA: Readonly<Record<FailureCause, string>> = {
  'out-of-memory': 'メモリ不足',
  timeout: '時間切れ',
  unsupported: '非対応',
  crash: 'クラッシュ',
  protocol: 'プロトコル違反',
  cancelled: '取り消し',
  'bad-checkpoint': 'チェックポイントの不備',
  disk: 'ディスク',
  'engine-error': 'エンジンのエラー',
};

export const causeWords = (cause: FailureCause): Words => ({ en: cause, ja: CAUSES_JA[cause] });

/** A failure as the reason why something has no value. */
export function failureWords({ cause, message }: Pick<Failure, 'cause' | 'message'>): Words {
  const words = asWords(message);
  return { en: `${cause}: ${words.en}`, ja: `${CAUSES_JA[cause]}: ${words.ja}` };
}
