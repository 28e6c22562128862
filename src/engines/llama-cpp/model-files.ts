/** GGUF files as they are: which cells they can serve, and what they need. Pure. */
import type { Cell } from '../../axes/cell.ts';
import type { ModelFile } from '../../models/model-file.ts';
import type { PrecisionName } from '../../models/precision.ts';
import {
  type MemoryEstimate,
  type ModelFileSupport,
  type Support,
  supported,
  unsupported,
} from '../declaration.ts';
import { contextMemory, contextProblem } from './context-needs.ts';
import { filePrecision, llamaPrecision, llamaPrecisions } from './precisions.ts';

export const modelFiles: ModelFileSupport = {
  precision: {
    name: filePrecision.name,
    effective: filePrecision.effective,
    ownName: filePrecision.ownName,
    note: filePrecision.note,
  },
  supports,
  estimateMemory,
};

/** The precision whose name says exactly what the file's matrices are, where there is one; norms are float32 anyway. */
export function nominalPrecision({ formats }: Pick<ModelFile, 'formats'>): PrecisionName | undefined {
  const others = formats.filter(({ type }) => type !== 'F32');
  if (others.length > 1) return undefined;
  const type = (others[0]?.type ?? 'F32').toLowerCase();
  return llamaPrecisions.find((entry) => entry.type === type)?.name;
}

function supports(cell: Cell, file: ModelFile): Support {
  const precision = llamaPrecision(cell.precision);
  const nominal = nominalPrecision(file);
  if (precision === undefined || (precision.name !== 'file' && precision.name !== nominal)) {
    const stored = file.formats.map(({ type }) => type).join(', ');
    return unsupported({
      en: `a GGUF file runs as it is stored (${stored}): ask for precision file${nominal === undefined ? '' : ` or ${nominal}`}`,
      ja: `GGUF ファイルは保存されたまま（${stored}）動きます: 精度に file${nominal === undefined ? '' : ` か ${nominal}`} を指定してください`,
    });
  }
  const { layerCount, hiddenSize, headSize, kvHeadCount } = file.sizes;
  if (!layerCount || !hiddenSize || !headSize || !kvHeadCount) {
    return unsupported({
      en: 'the file names no number of layers, heads or their size: its memory is unknown',
      ja: '層やヘッドの数か大きさがファイルに書かれていません: 必要なメモリがわかりません',
    });
  }
  const problem = contextProblem(cell, precision, headSize);
  return problem === undefined ? supported : unsupported(problem);
}

/** The file's bytes; `supports` has made sure of the sizes. */
function estimateMemory(cell: Cell, file: ModelFile): MemoryEstimate {
  const { layerCount, hiddenSize, headSize, kvHeadCount, vocabularySize } = file.sizes;
  const precision = llamaPrecision(cell.precision) ?? filePrecision;
  return contextMemory(cell, precision, {
    weightBytes: file.totalBytes,
    layerCount: layerCount ?? 0,
    kvHeadCount: kvHeadCount ?? 0,
    headSize: headSize ?? 0,
    hiddenSize: hiddenSize ?? 0,
    // Feed-forward sizes may differ by layer: four times the hidden size is a rule of thumb.
    feedForwardSize: 4 * (hiddenSize ?? 0),
    vocabularySize: vocabularySize ?? 0,
    isQuantised: file.formats.some(({ type }) => !['F32', 'F16', 'BF16'].includes(type)),
  });
}
