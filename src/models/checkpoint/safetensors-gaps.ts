/** Bytes of a safetensors file that belong to no tensor: harmless, and told. */
import type { Words } from '../../kernel/language.ts';
import type { FileExtent } from './file-extents.ts';

/** Warnings about the bytes from `dataOffset` on that none of `sorted` (by offset) covers. */
export function gapWarnings(sorted: readonly FileExtent[], dataOffset: number, fileBytes: number): Words[] {
  const warnings: Words[] = [];
  let end = dataOffset;
  for (const { name, offset, byteLength } of sorted) {
    if (byteLength === 0) continue;
    if (offset > end) {
      warnings.push({
        en: `${offset - end} bytes before ${name} belong to no tensor`,
        ja: `${name} の前の ${offset - end} バイトは、どのテンソルのものでもありません`,
      });
    }
    end = Math.max(end, offset + byteLength);
  }
  if (end < fileBytes) {
    warnings.push({
      en: `${fileBytes - end} bytes at the end belong to no tensor`,
      ja: `末尾の ${fileBytes - end} バイトは、どのテンソルのものでもありません`,
    });
  }
  return warnings;
}
