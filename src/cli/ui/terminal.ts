/**
 * Standard output and error as values. A reader that goes away (`hayasa doctor | head -1`) is no error: what would have
 * been written is dropped and the command ends as it would have.
 */
import type { WriteStream } from 'node:tty';
import pico from 'picocolors';

export interface Terminal {
  /** Whole lines to standard output: the command's result. */
  write(text: string): void;
  /** A part of a line to standard output, as it is: text that appears while it is generated. */
  writePart(text: string): void;
  /** Whole lines to standard error: progress, warnings, errors. */
  writeError(text: string): void;
  /** Whether standard error is a terminal that can be redrawn. */
  readonly live: boolean;
  /** Whether standard output is a terminal. */
  readonly outputIsTerminal: boolean;
  /** For libraries that redraw; use only where `live`. */
  readonly errorStream: NodeJS.WriteStream;
  readonly columns: number;
  readonly colors: Colors;
}

export type Colors = ReturnType<typeof pico.createColors>;

/** Not a terminal: wide enough for the main table, which a file or a pager holds without folding. */
const DEFAULT_COLUMNS = 200;

export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  const out = safeWriter(stdout);
  return {
    write: lineWriter(out),
    writePart: out,
    writeError: lineWriter(safeWriter(stderr)),
    live:
      stderr.isTTY && stderr.rows > 0 && process.env['CI'] === undefined && process.env['TERM'] !== 'dumb',
    outputIsTerminal: stdout.isTTY,
    errorStream: stderr,
    // A terminal without a size says 0.
    columns: (stdout as Partial<WriteStream>).columns || DEFAULT_COLUMNS,
    colors: pico.createColors(pico.isColorSupported && stdout.isTTY),
  };
}

function safeWriter(stream: NodeJS.WriteStream): (text: string) => void {
  let gone = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    gone = true;
  });
  return (text) => {
    if (!gone) stream.write(text);
  };
}

const lineWriter =
  (write: (text: string) => void) =>
  (text: string): void =>
    write(text.endsWith('\n') ? text : `${text}\n`);
