/** Labels of figures in the languages that they speak. */

export const LANGUAGES = ['en', 'ja'] as const;
export type Language = (typeof LANGUAGES)[number];

interface Words {
  readonly throughput: string;
  readonly inputLength: string;
  readonly batch: string;
  readonly missing: string;
  readonly interval: string;
}

export const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    throughput: 'throughput (tokens/s)',
    inputLength: 'input length (tokens)',
    batch: 'batch (sequences)',
    missing: 'not measured',
    interval: '95 % intervals',
  },
  ja: {
    throughput: 'スループット（トークン/秒）',
    inputLength: '入力長（トークン）',
    batch: 'バッチサイズ（系列数）',
    missing: '未測定',
    interval: '95 % 信頼区間',
  },
};
