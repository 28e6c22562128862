/** Shows a text while it is generated: the prompt, then what each token adds to it. */
import type { OnTokens } from '../../executors/executor.ts';
import { streamDecoder } from '../../text/stream-decoder.ts';
import type { TextTokenizer } from '../../text/text-tokenizer.ts';
import type { Terminal } from '../ui/terminal.ts';

export interface Watch {
  readonly onTokens: OnTokens;
  /** Writes what was held back and ends the line. */
  close(): void;
  /** Everything shown, without the prompt. */
  text(): string;
}

/** Watches the first sequence; special tokens are no part of a text. */
export function watchText(
  terminal: Pick<Terminal, 'write' | 'writePart' | 'say'>,
  tokenizer: TextTokenizer,
  prompt: string | undefined,
): Watch {
  const decoder = streamDecoder(tokenizer);
  let shown = '';
  const show = (text: string): void => {
    shown += text;
    if (text !== '') terminal.writePart(text);
  };
  terminal.write(
    prompt === undefined ? '' : terminal.say({ en: `\nprompt: ${prompt}`, ja: `\nプロンプト: ${prompt}` }),
  );
  terminal.writePart(terminal.say({ en: 'text: ', ja: '文章: ' }));
  return {
    onTokens: (tokens) =>
      show(decoder.push(tokens.flatMap(([sequence, id]) => (sequence === 0 ? [id] : [])))),
    close: () => {
      show(decoder.end());
      terminal.writePart('\n');
    },
    text: () => shown,
  };
}
