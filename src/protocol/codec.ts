/** Frames <-> lines of JSON. Decoding checks everything: whatever arrives is a frame or a problem. */
import type { z } from 'zod';
import type { Words } from '../kernel/language.ts';
import {
  type ControllerFrame,
  controllerFrameSchema,
  type WorkerFrame,
  workerFrameSchema,
} from './frames.ts';
import { type LinePart, LineSplitter } from './lines.ts';
import type { ProtocolProblem } from './problem.ts';

export type Decoded<Frame> =
  | { readonly kind: 'frame'; readonly frame: Frame }
  | { readonly kind: 'problem'; readonly problem: ProtocolProblem };

/** One line, newline included. JSON escapes newlines, so that a frame never spans two. */
export function encodeFrame(frame: ControllerFrame | WorkerFrame): string {
  return `${JSON.stringify(frame)}\n`;
}

/** Decodes what a worker sends. */
export const workerFrameDecoder = (limitBytes?: number): FrameDecoder<WorkerFrame> =>
  new FrameDecoder<WorkerFrame>(workerFrameSchema, limitBytes);

/** Decodes what a controller sends. */
export const controllerFrameDecoder = (limitBytes?: number): FrameDecoder<ControllerFrame> =>
  new FrameDecoder<ControllerFrame>(controllerFrameSchema, limitBytes);

export class FrameDecoder<Frame> {
  private readonly schema: z.ZodType<Frame>;
  private readonly lines: LineSplitter;

  constructor(schema: z.ZodType<Frame>, limitBytes?: number) {
    this.schema = schema;
    this.lines = new LineSplitter(limitBytes);
  }

  /** The frames and problems that `chunk` completes, in order. Chunks may cut anywhere, inside a character too. */
  push(chunk: Uint8Array): Decoded<Frame>[] {
    return this.lines.push(chunk).map((part) => this.decode(part));
  }

  private decode(part: LinePart): Decoded<Frame> {
    if (part.kind === 'too-long') {
      return problem('too-long', {
        en: `a frame is longer than ${part.limitBytes} bytes`,
        ja: `フレームが ${part.limitBytes} バイトを超えています`,
      });
    }
    const text = decodeUtf8(part.bytes);
    if (text === undefined)
      return problem('not-utf8', {
        en: 'a frame is not valid UTF-8',
        ja: 'フレームが正しい UTF-8 ではありません',
      });
    const json = parseJson(text);
    if (json === undefined)
      return problem('not-json', {
        en: `a frame is not JSON: ${excerpt(text)}`,
        ja: `フレームが JSON ではありません: ${excerpt(text)}`,
      });
    const parsed = this.schema.safeParse(json.value);
    if (parsed.success) return { kind: 'frame', frame: parsed.data };
    const issue = parsed.error.issues[0];
    const where = issue === undefined || issue.path.length === 0 ? undefined : issue.path.join('.');
    const rest = `${issue?.message ?? ''}: ${excerpt(text)}`;
    return problem('not-a-frame', {
      en: `a frame breaks the protocol${where === undefined ? '' : ` at ${where}`}: ${rest}`,
      ja: `フレームがプロトコルに反しています${where === undefined ? '' : `（${where}）`}: ${rest}`,
    });
  }
}

function problem(kind: ProtocolProblem['kind'], message: Words): Decoded<never> {
  return { kind: 'problem', problem: { kind, message } };
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** The start of a line as one printable line of text. */
function excerpt(text: string): string {
  const shown = text.length > 120 ? `${text.slice(0, 120)}...` : text;
  return JSON.stringify(shown);
}
