/** Presets and local models as tables. Pure. */
import { problemTexts } from '../../kernel/errors.ts';
import type { Say } from '../../kernel/language.ts';
import type { Origin } from '../../models/checkpoint/checkpoint.ts';
import type { LocalModel, PresetRow } from '../../models/list.ts';
import { problemText } from '../ui/error-text.ts';
import { formatBytes } from '../ui/numbers.ts';
import { table } from '../ui/table.ts';
import type { Terminal } from '../ui/terminal.ts';

export function presetsText(rows: readonly PresetRow[], say: Say): string {
  const right = (title: string) => ({ title, align: 'right' as const });
  const heading = say({
    en: 'Presets (synthetic weights of the exact shape; bytes of the weights by precision)',
    ja: 'プリセット（正確な形状の合成した重み。精度ごとの重みのバイト数）',
  });
  return `${heading}\n${table(
    [
      { title: say({ en: 'preset', ja: 'プリセット' }) },
      right(say({ en: 'parameters', ja: 'パラメーター' })),
      right('fp32'),
      right('fp16'),
      right('w8'),
      right('w4'),
      right(say({ en: 'KV/token fp32', ja: 'KV/トークン fp32' })),
      { title: say({ en: 'what it is', ja: '内容' }) },
    ],
    rows.map(({ preset, parameters, weightBytes, kvCacheBytesPerToken }) => [
      preset.id,
      formatCount(parameters),
      formatBytes(weightBytes.fp32),
      formatBytes(weightBytes.fp16),
      formatBytes(weightBytes.w8),
      formatBytes(weightBytes.w4),
      formatBytes(kvCacheBytesPerToken.float32),
      say(preset.summary),
    ]),
  )}`;
}

export function localModelsText(
  folder: string,
  models: readonly LocalModel[],
  { say, language }: Pick<Terminal, 'say' | 'language'>,
): string {
  if (models.length === 0) return say({ en: `No models in ${folder}`, ja: `${folder} にモデルはありません` });
  const usable = models.filter((model) => model.kind === 'usable');
  const unusable = models.filter((model) => model.kind === 'unusable');
  const rows = usable.map((model) => [
    model.path,
    model.format,
    model.architecture,
    model.dtype,
    formatCount(model.parameters),
    formatBytes(model.totalBytes),
    originText(model.origin, say),
  ]);
  const titles = [
    say({ en: 'path', ja: 'パス' }),
    say({ en: 'format', ja: '形式' }),
    say({ en: 'architecture', ja: 'アーキテクチャ' }),
    'dtype',
    say({ en: 'parameters', ja: 'パラメーター' }),
    say({ en: 'size', ja: '大きさ' }),
    say({ en: 'weights', ja: '重み' }),
  ];
  return [
    say({ en: `Models in ${folder}`, ja: `${folder} のモデル` }),
    ...(rows.length === 0
      ? []
      : [
          table(
            titles.map((title) => ({ title })),
            rows,
          ),
        ]),
    ...unusable.flatMap(({ path, reason, problems }) => [
      say({ en: `unusable: ${path}: ${reason.en}`, ja: `使用不可: ${path}: ${reason.ja}` }),
      ...problemTexts(language, problems).map((problem) => `  ${problemText(problem, say)}`),
    ]),
  ].join('\n');
}

/** Synthetic weights are called so everywhere. */
export function originText(origin: Origin, say: Say): string {
  return origin.kind === 'synthetic'
    ? say({
        en: `synthetic (shape of ${origin.preset}, seed ${origin.seed})`,
        ja: `合成（${origin.preset} の形状、シード ${origin.seed}）`,
      })
    : say({ en: `published (${origin.name})`, ja: `公開（${origin.name}）` });
}

/** `164.7 M`, `1.43 B`: parameters, three or four digits. */
export function formatCount(count: number): string {
  if (count >= 1e9) return `${(count / 1e9).toFixed(2)} B`;
  if (count >= 1e6) return `${(count / 1e6).toFixed(1)} M`;
  return count.toLocaleString('en-US');
}
