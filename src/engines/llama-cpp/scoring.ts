/**
 * Teacher-forced agreement: each continuation is fed as if the model had written it; at each of its tokens the
 * model's own choice and its logits are compared. Rows of the logits file: continuations one after the other.
 */
import type { Files, NewFile } from '../../host/host.ts';
import type { TokenBatch } from '../../native/llama/batch.ts';
import type { LlamaContext } from '../../native/llama/context.ts';
import { argmax } from '../../native/llama/greedy.ts';
import { FailureError } from '../../protocol/failure-error.ts';
import type { Score, ScoreRequest } from '../../protocol/frames.ts';
import type { ComputeContext } from '../../worker/engine.ts';
import { scoreTally } from '../score-tally.ts';

export interface ScoringParts {
  readonly files: Files;
  readonly llama: LlamaContext;
  readonly batch: TokenBatch;
  readonly vocabularySize: number;
  readonly context: ComputeContext;
}

/** @throws FailureError, HayasaError where the logits file cannot be written or read */
export function score(request: ScoreRequest, parts: ScoringParts): Score {
  const { files, vocabularySize } = parts;
  const { logitsFile } = request;
  const positions = request.continuations.reduce((sum, continuation) => sum + continuation.length, 0);
  const rowBytes = 4 * vocabularySize;
  if (logitsFile?.mode === 'compare' && files.size(logitsFile.path) !== positions * rowBytes) {
    throw new FailureError({
      cause: 'unsupported',
      message: {
        en: `${logitsFile.path} has ${files.size(logitsFile.path) ?? 'no'} bytes, ${positions} rows of ${vocabularySize} logits take ${positions * rowBytes}`,
        ja: `${logitsFile.path} は ${files.size(logitsFile.path) ?? 0} バイトですが、${vocabularySize} ロジットの ${positions} 行は ${positions * rowBytes} バイトです`,
      },
      hint: {
        en: 'write the reference logits again with the same prompts and continuations',
        ja: '同じプロンプトと続きで参照のロジットを書き直してください',
      },
    });
  }
  const written = logitsFile?.mode === 'write' ? files.createFile(logitsFile.path) : undefined;
  const tally = scoreTally();
  let position = 0;
  try {
    const isWhole = eachRow(request, parts, tally.continuation, (row, token) => {
      written?.write(new Uint8Array(row.buffer, row.byteOffset, row.byteLength));
      tally.position({
        logits: row,
        choice: argmax(row, 0, vocabularySize),
        expected: token,
        reference:
          logitsFile?.mode === 'compare' ? readRow(files, logitsFile.path, position, rowBytes) : undefined,
      });
      position += 1;
    });
    finishFile(written, isWhole);
  } catch (error) {
    written?.discard();
    throw error;
  }
  return tally.score();
}

function finishFile(file: NewFile | undefined, isWhole: boolean): void {
  if (isWhole) file?.commit();
  else file?.discard();
}

function readRow(files: Files, path: string, row: number, rowBytes: number): Float32Array {
  const bytes = files.readRange(path, row * rowBytes, rowBytes).slice();
  return new Float32Array(bytes.buffer);
}

/** Calls `begin` before each continuation and `use` with the logits at each of its tokens. False when cancelled before the end. */
function eachRow(
  request: ScoreRequest,
  { llama, batch, vocabularySize, context }: ScoringParts,
  begin: () => void,
  use: (row: Float32Array, token: number) => void,
): boolean {
  for (const [index, prompt] of request.prompts.entries()) {
    const continuation = request.continuations[index] as readonly number[];
    // The last token's own successor is not asked for.
    const fed = [...prompt, ...continuation.slice(0, -1)];
    const firstRow = prompt.length - 1;
    begin();
    llama.clear();
    batch.clear();
    for (let start = 0; start < fed.length; start += batch.capacity) {
      if (context.cancelled()) return false;
      const end = Math.min(start + batch.capacity, fed.length);
      for (let at = start; at < end; at += 1) batch.add(fed[at] as number, at, 0, at >= firstRow);
      if (llama.decode(batch, context.cancelled) === 'aborted') return false;
      batch.clear();
      const rows = Math.max(0, end - Math.max(start, firstRow));
      const logits = rows === 0 ? undefined : llama.logits(rows);
      for (let row = 0; row < rows; row += 1) {
        const at = Math.max(start, firstRow) + row;
        const values = logits?.subarray(row * vocabularySize, (row + 1) * vocabularySize);
        if (values !== undefined) use(values, continuation[at - firstRow] as number);
      }
    }
  }
  return true;
}
