/** Presets and local models as tables. Pure. */
import type { Origin } from '../../models/checkpoint/checkpoint.ts';
import type { LocalModel, PresetRow } from '../../models/list.ts';
import { problemText } from '../ui/error-text.ts';
import { formatBytes } from '../ui/numbers.ts';
import { table } from '../ui/table.ts';

export function presetsText(rows: readonly PresetRow[]): string {
  const right = (title: string) => ({ title, align: 'right' as const });
  return `Presets (synthetic weights of the exact shape; bytes of the weights by precision)\n${table(
    [
      { title: 'preset' },
      right('parameters'),
      right('fp32'),
      right('fp16'),
      right('w8'),
      right('w4'),
      right('KV/token fp32'),
      { title: 'what it is' },
    ],
    rows.map(({ preset, parameters, weightBytes, kvCacheBytesPerToken }) => [
      preset.id,
      formatCount(parameters),
      formatBytes(weightBytes.fp32),
      formatBytes(weightBytes.fp16),
      formatBytes(weightBytes.w8),
      formatBytes(weightBytes.w4),
      formatBytes(kvCacheBytesPerToken.float32),
      preset.summary,
    ]),
  )}`;
}

export function localModelsText(folder: string, models: readonly LocalModel[]): string {
  if (models.length === 0) return `No models in ${folder}`;
  const usable = models.filter((model) => model.kind === 'usable');
  const unusable = models.filter((model) => model.kind === 'unusable');
  const rows = usable.map((model) => [
    model.path,
    model.format,
    model.architecture,
    model.dtype,
    formatCount(model.parameters),
    formatBytes(model.totalBytes),
    originText(model.origin),
  ]);
  const titles = ['path', 'format', 'architecture', 'dtype', 'parameters', 'size', 'weights'];
  return [
    `Models in ${folder}`,
    ...(rows.length === 0
      ? []
      : [
          table(
            titles.map((title) => ({ title })),
            rows,
          ),
        ]),
    ...unusable.flatMap(({ path, reason, problems }) => [
      `unusable: ${path}: ${reason}`,
      ...problems.map((problem) => `  ${problemText(problem)}`),
    ]),
  ].join('\n');
}

/** Synthetic weights are called so everywhere. */
export function originText(origin: Origin): string {
  return origin.kind === 'synthetic'
    ? `synthetic (shape of ${origin.preset}, seed ${origin.seed})`
    : `published (${origin.name})`;
}

/** `164.7 M`, `1.43 B`: parameters, three or four digits. */
export function formatCount(count: number): string {
  if (count >= 1e9) return `${(count / 1e9).toFixed(2)} B`;
  if (count >= 1e6) return `${(count / 1e6).toFixed(1)} M`;
  return count.toLocaleString('en-US');
}
