/** A terminal that keeps what was written, without colours. For tests. */
import pico from 'picocolors';
import { type Language, sayIn } from '../../kernel/language.ts';
import type { Terminal } from './terminal.ts';

export interface TestTerminal extends Terminal {
  readonly output: string[];
  readonly errors: string[];
}

export function testTerminal(columns = 100, language: Language = 'en'): TestTerminal {
  const output: string[] = [];
  const errors: string[] = [];
  return {
    output,
    errors,
    write: (text) => {
      output.push(text);
    },
    writePart: (text) => {
      output.push(text);
    },
    writeError: (text) => {
      errors.push(text);
    },
    outputWritten: async () => undefined,
    live: false,
    outputIsTerminal: false,
    errorStream: process.stderr,
    columns,
    language,
    say: sayIn(language),
    colors: pico.createColors(false),
  };
}
