/**
 * Bytes as they arrive -> whole lines, without decoding them. A line longer than the limit ends the stream: nothing
 * after it can be trusted, and memory stays bounded whatever a worker writes.
 */
import { MAXIMUM_FRAME_BYTES } from './frames.ts';

const NEWLINE = 0x0a;

export type LinePart =
  | { readonly kind: 'line'; readonly bytes: Uint8Array }
  | { readonly kind: 'too-long'; readonly limitBytes: number };

export class LineSplitter {
  private readonly limitBytes: number;
  private pieces: Uint8Array[] = [];
  private pendingBytes = 0;
  private ended = false;

  /** `limitBytes`: the longest line, without its newline. */
  constructor(limitBytes: number = MAXIMUM_FRAME_BYTES) {
    this.limitBytes = limitBytes;
  }

  /** Bytes of a line that has not ended yet. */
  get unfinishedBytes(): number {
    return this.pendingBytes;
  }

  /** The lines that `chunk` completes, in order; `too-long` is the last part that is ever returned. */
  push(chunk: Uint8Array): LinePart[] {
    const parts: LinePart[] = [];
    let start = 0;
    while (!this.ended && start < chunk.byteLength) {
      const newline = chunk.indexOf(NEWLINE, start);
      const end = newline === -1 ? chunk.byteLength : newline;
      this.pieces.push(chunk.subarray(start, end));
      this.pendingBytes += end - start;
      if (this.pendingBytes > this.limitBytes) {
        this.ended = true;
        this.take();
        parts.push({ kind: 'too-long', limitBytes: this.limitBytes });
      } else if (newline !== -1) {
        parts.push({ kind: 'line', bytes: this.take() });
      }
      start = end + 1;
    }
    return parts;
  }

  private take(): Uint8Array {
    const bytes = this.pieces.length === 1 ? this.pieces[0] : Buffer.concat(this.pieces);
    this.pieces = [];
    this.pendingBytes = 0;
    return bytes ?? new Uint8Array(0);
  }
}
