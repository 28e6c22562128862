/** Where the tensors of a file claim to lie, in safetensors and GGUF alike. */
import type { ProblemList } from './problem-list.ts';

/** In bytes, from the start of the file. */
export interface FileExtent {
  readonly name: string;
  readonly offset: number;
  readonly byteLength: number;
}

/** Reports those that reach beyond the file or into another; `sorted` by offset. */
export function checkFileExtents(
  sorted: readonly FileExtent[],
  fileBytes: number,
  problems: ProblemList,
): void {
  let end = 0;
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
    if (byteLength > 0 && offset < end)
      problems.add({ path: name, message: { en: `overlaps ${last}`, ja: `${last} と重なっています` } });
    if (byteLength > 0 && offset + byteLength >= end) {
      end = offset + byteLength;
      last = name;
    }
  }
}
