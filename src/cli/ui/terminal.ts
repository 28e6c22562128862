/**
 * Standard output and error as values. A reader that goes away (`hayasa doctor | head -1`) is no error: what would have
 * been written is dropped and the command ends as it would have. Output that cannot be written (a full disk) doesn't end
 * a measurement either; the command says so at its end. Of standard error nobody could be told.
 */
import type { WriteStream } from 'node:tty';
import pico from 'picocolors';
import { type Language, type Say, sayIn } from '../../kernel/language.ts';

export interface Terminal {
  /** Whole lines to standard output: the command's result. */
  write(text: string): void;
  /** A part of a line to standard output, as it is: text that appears while it is generated. */
  writePart(text: string): void;
  /** Whole lines to standard error: progress, warnings, errors. */
  writeError(text: string): void;
  /** Resolves once all output is written, or with the system's error where some could not be. */
  outputWritten(): Promise<Error | undefined>;
  /** Whether standard error is a terminal that can be redrawn. */
  readonly live: boolean;
  /** Whether standard output is a terminal. */
  readonly outputIsTerminal: boolean;
  /** For libraries that redraw; use only where `live`. */
  readonly errorStream: NodeJS.WriteStream;
  readonly columns: number;
  /** Of everything that is written for people. */
  readonly language: Language;
  /** Takes a text in that language. */
  readonly say: Say;
  readonly colors: Colors;
}

export type Colors = ReturnType<typeof pico.createColors>;

/** Not a terminal: wide enough for the main table, which a file or a pager holds without folding. */
const DEFAULT_COLUMNS = 200;

export function processTerminal(language: Language): Terminal {
  const { stdout, stderr } = process;
  const out = safeWriter(stdout);
  return {
    write: lineWriter(out.write),
    writePart: out.write,
    writeError: lineWriter(safeWriter(stderr).write),
    outputWritten: out.written,
    live:
      stderr.isTTY && stderr.rows > 0 && process.env['CI'] === undefined && process.env['TERM'] !== 'dumb',
    outputIsTerminal: stdout.isTTY,
    errorStream: stderr,
    language,
    say: sayIn(language),
    // A terminal without a size says 0.
    columns: (stdout as Partial<WriteStream>).columns || DEFAULT_COLUMNS,
    colors: pico.createColors(pico.isColorSupported && stdout.isTTY),
  };
}

interface SafeWriter {
  readonly write: (text: string) => void;
  readonly written: () => Promise<Error | undefined>;
}

function safeWriter(stream: NodeJS.WriteStream): SafeWriter {
  let failure: NodeJS.ErrnoException | undefined;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    failure ??= error;
  });
  const outcome = (): Error | undefined => (failure?.code === 'EPIPE' ? undefined : failure);
  return {
    write: (text) => {
      if (failure === undefined) stream.write(text);
    },
    written: () =>
      new Promise((resolve) => {
        stream.write('', (error) => {
          failure ??= error ?? undefined;
          // The error of an earlier write may be told after this one has succeeded.
          setImmediate(() => resolve(outcome()));
        });
      }),
  };
}

const lineWriter =
  (write: (text: string) => void) =>
  (text: string): void =>
    write(text.endsWith('\n') ? text : `${text}\n`);
