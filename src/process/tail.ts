/** The last bytes of a stream, whatever its length: a flood costs no memory. */

/** Kept of stderr: enough for an engine's last complaint. */
export const TAIL_BYTES: number = 8 * 1024;

export class Tail {
  private readonly limitBytes: number;
  private kept: Buffer = Buffer.alloc(0);
  private seenBytes = 0;

  constructor(limitBytes: number = TAIL_BYTES) {
    this.limitBytes = limitBytes;
  }

  push(chunk: Uint8Array): void {
    this.seenBytes += chunk.byteLength;
    const joined =
      chunk.byteLength >= this.limitBytes ? Buffer.from(chunk) : Buffer.concat([this.kept, chunk]);
    // A copy, so that the large chunk behind it is let go.
    this.kept = Buffer.from(joined.subarray(Math.max(0, joined.byteLength - this.limitBytes)));
  }

  /** Whole lines where the tail starts inside one; bytes that are not UTF-8 become the replacement character. */
  text(): string {
    const text = this.kept.toString('utf8');
    const cut = this.seenBytes > this.kept.byteLength;
    const newline = text.indexOf('\n');
    return (cut && newline !== -1 && newline < text.length - 1 ? text.slice(newline + 1) : text).trimEnd();
  }
}
