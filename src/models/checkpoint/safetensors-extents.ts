/** Where the tensors of a safetensors file lie. */
import type { Words } from '../../kernel/language.ts';
import type { ProblemList } from './problem-list.ts';
import type { SafetensorsTensor } from './safetensors-tensor.ts';

/** Tensors inside the file and apart from each other. Returns warnings about bytes that belong to none. */
export function checkExtents(
  sorted: readonly SafetensorsTensor[],
  dataOffset: number,
  fileBytes: number,
  problems: ProblemList,
): Words[] {
  const warnings: Words[] = [];
  let end = dataOffset;
  let last = '';
  for (const { name, offset, byteLength } of sorted) {
    if (offset + byteLength > fileBytes) {
      problems.add({
        path: name,
        message: {
          en: `ends at byte ${offset + byteLength}, the file has ${fileBytes}: truncated`,
          ja: `${offset + byteLength} バイト目で終わるはずですが、ファイルは ${fileBytes} バイトしかありません（途中で切れています）`,
        },
      });
    }
    if (byteLength === 0) continue;
    if (offset < end)
      problems.add({ path: name, message: { en: `overlaps ${last}`, ja: `${last} と重なっています` } });
    if (offset > end) {
      warnings.push({
        en: `${offset - end} bytes before ${name} belong to no tensor`,
        ja: `${name} の前の ${offset - end} バイトは、どのテンソルのものでもありません`,
      });
    }
    if (offset + byteLength >= end) {
      end = offset + byteLength;
      last = name;
    }
  }
  if (end < fileBytes) {
    warnings.push({
      en: `${fileBytes - end} bytes at the end belong to no tensor`,
      ja: `末尾の ${fileBytes - end} バイトは、どのテンソルのものでもありません`,
    });
  }
  return warnings;
}
