/** `hayasa text clean FILE`: a file of Aozora Bunko into plain text that prompts can be cut from. */
import { resolve } from 'node:path';
import { EXIT } from '../../kernel/errors.ts';
import type { Say } from '../../kernel/language.ts';
import { type CleanedText, cleanAozora } from '../../text/aozora.ts';
import { countCharacters } from '../../text/characters.ts';
import { readJapaneseFile } from '../../text/japanese-file.ts';
import { defineCommand } from '../command.ts';
import { json, text } from '../options.ts';

export const textCleanCommand = defineCommand({
  name: 'text clean',
  summary: {
    en: 'turn a file of Aozora Bunko into plain text for prompts',
    ja: '青空文庫のファイルを、プロンプト用の文章にする',
  },
  description: {
    en: 'Removes header and colophon, readings (《》 and ｜) and notes (［＃…］), writes described characters as themselves where their code is known, and vertical iteration marks as 〳〵. Reads Shift_JIS and UTF-8, writes UTF-8. The text goes to --out or to standard output; what was removed is printed.',
    ja: '見出しと奥付、ルビ（《》と ｜）、注記（［＃…］）を取り除き、説明された外字は文字コードが分かればその文字に、縦書きの繰り返し記号は 〳〵 にします。Shift_JIS と UTF-8 を読み、UTF-8 で書きます。文章は --out または標準出力へ書き、取り除いたものを表示します。',
  },
  arguments: [
    {
      name: 'FILE',
      summary: {
        en: 'a text file of Aozora Bunko (unpacked)',
        ja: '青空文庫のテキストファイル（展開済みのもの）',
      },
      required: true,
    },
  ],
  options: {
    out: text('FILE', {
      en: 'file to write; default: standard output',
      ja: '書き出すファイル。既定は標準出力',
    }),
    json,
  },
  examples: [
    {
      line: 'hayasa text clean wagahaiwa_nekodearu.txt --out neko.txt',
      comment: { en: 'once', ja: '一度だけ' },
    },
    {
      line: 'hayasa run my-study.yaml --text neko.txt',
      comment: { en: 'prompts are then cut from it', ja: 'プロンプトはここから切り出される' },
    },
  ],
  run: async ({ host: { files, system }, terminal }, options, [name = '']) => {
    const { text: source, encoding } = readJapaneseFile(files, resolve(system.currentFolder, name));
    const cleaned = cleanAozora(source);
    const { text: plain, ...summary } = cleaned;
    if (options.out !== undefined) files.writeText(resolve(system.currentFolder, options.out), plain);
    if (options.json) {
      const written = options.out === undefined ? { text: plain } : { out: options.out };
      terminal.write(
        JSON.stringify({ encoding, characters: countCharacters(plain), ...summary, ...written }, null, 2),
      );
      return EXIT.ok;
    }
    if (options.out === undefined) terminal.writePart(plain);
    const report = summaryText(encoding, cleaned, terminal.say);
    if (options.out === undefined) terminal.writeError(report);
    else terminal.write(`${options.out}: ${report}`);
    return EXIT.ok;
  },
});

function summaryText(
  encoding: string,
  { text: plain, removed, resolvedCharacters, unresolved }: CleanedText,
  say: Say,
): string {
  const { headerLines, colophonLines, readings, notes } = removed;
  return [
    say({
      en: `${countCharacters(plain).toLocaleString('en-US')} characters, read as ${encoding}`,
      ja: `${countCharacters(plain).toLocaleString('en-US')} 文字、${encoding} として読みました`,
    }),
    say({
      en: `removed: ${headerLines} lines of header, ${colophonLines} of colophon, ${readings} readings, ${notes} notes`,
      ja: `取り除いたもの: 見出し ${headerLines} 行、奥付 ${colophonLines} 行、ルビ ${readings}、注記 ${notes}`,
    }),
    say({
      en: `described characters: ${resolvedCharacters} written as themselves, ${unresolved.length} as 〓`,
      ja: `説明された外字: その文字にしたもの ${resolvedCharacters}、〓 にしたもの ${unresolved.length}`,
    }),
    ...[...new Set(unresolved)].slice(0, 10).map((note) => `  ${note}`),
  ].join('\n');
}
