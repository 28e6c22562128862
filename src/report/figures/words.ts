/** Labels of figures in the languages that they speak. */
import type { TechniqueUse } from '../../engines/techniques-of-engines.ts';
import type { Language } from '../../kernel/language.ts';
import type { Cut } from './log-axis.ts';

interface Words {
  readonly throughput: string;
  readonly throughputByBatch: string;
  readonly inputLength: string;
  readonly batch: string;
  readonly missing: string;
  readonly interval: string;
  /** Where the end of an interval is marked as cut off. */
  readonly cut: string;
  /** Under the title of a ladder: what stands beside its points. */
  readonly gain: string;
  /** Beside a gain whose two steps share too few rounds. */
  readonly notPaired: string;
  readonly kvTitle: string;
  readonly kvReading: string;
  readonly kvAxis: string;
  readonly paged: string;
  readonly used: string;
  readonly techniquesTitle: string;
  readonly techniquesReading: string;
  readonly gainRow: string;
  readonly uses: Readonly<Record<TechniqueUse, string>>;
}

export const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    throughput: 'throughput (tokens/s)',
    throughputByBatch: 'Throughput by batch size',
    inputLength: 'input length (tokens)',
    batch: 'batch (sequences)',
    missing: 'not measured',
    interval: '95 % intervals',
    cut: 'a triangle: the interval goes on to smaller values',
    gain: 'beside each point its gain over the step before (or over the step in brackets), paired by round; grey where its interval includes 1',
    notPaired: 'not paired',
    kvTitle: 'KV cache: reserved against used',
    kvReading: 'Mean over the steps of a generation; grey is reserved, blue is used. Counted, not measured.',
    kvAxis: 'KV cache (MiB)',
    paged: 'paged (computed)',
    used: 'used',
    techniquesTitle: 'Engines by technique',
    techniquesReading:
      "On decoders, from each engine's documents (declared). Top row: what the step gained in this report's ladder, least to most over its settings (intervals there).",
    gainRow: 'gain in the ladder',
    uses: { used: 'uses it', optional: 'option', partly: 'in part', unused: 'does not' },
  },
  ja: {
    throughput: 'スループット（トークン/秒）',
    throughputByBatch: 'バッチサイズとスループット',
    inputLength: '入力長（トークン）',
    batch: 'バッチサイズ（系列数）',
    missing: '未測定',
    interval: '95 % 信頼区間',
    cut: '三角形：区間はさらに小さい値まで続く',
    gain: '点の横は直前の段（または括弧内の段）に対する倍率、ラウンドごとに対にした比。区間が 1 を含むものは灰色',
    notPaired: '対応なし',
    kvTitle: 'KV キャッシュ：確保量と使用量',
    kvReading: '生成全ステップの平均。灰色は確保量、青は使用量。計算値であり測定値ではない。',
    kvAxis: 'KV キャッシュ（MiB）',
    paged: 'paged（計算）',
    used: '使用',
    techniquesTitle: 'エンジンと高速化手法',
    techniquesReading:
      'デコーダーについて各エンジンの文書による（宣言）。最上段は本レポートの階段で測った倍率（設定間の最小〜最大、区間はそちらに）。',
    gainRow: '階段での倍率',
    uses: { used: '使う', optional: '選択可', partly: '一部', unused: '使わない' },
  },
};

/** What the bars at points are, and their cut ends where there are any. */
export function intervalLine(points: readonly Cut[], language: Language): string {
  const { interval, cut } = WORDS[language];
  const parts = points.some(({ cutAt }) => cutAt !== undefined) ? [interval, cut] : [interval];
  return parts.join(language === 'ja' ? '；' : '; ');
}
