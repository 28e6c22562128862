/** `hayasa text clean FILE`: a file of Aozora Bunko into plain text that prompts can be cut from. */
import { resolve } from 'node:path';
import { EXIT } from '../../kernel/errors.ts';
import { type CleanedText, cleanAozora } from '../../text/aozora.ts';
import { countCharacters } from '../../text/characters.ts';
import { readJapaneseFile } from '../../text/japanese-file.ts';
import { defineCommand } from '../command.ts';
import { json, text } from '../options.ts';

export const textCleanCommand = defineCommand({
  name: 'text clean',
  summary: 'turn a file of Aozora Bunko into plain text for prompts',
  description:
    'Removes header and colophon, readings (《》 and ｜) and notes (［＃…］), writes described characters as themselves where their code is known, and vertical iteration marks as 〳〵. Reads Shift_JIS and UTF-8, writes UTF-8. The text goes to --out or to standard output; what was removed is printed.',
  arguments: [{ name: 'FILE', summary: 'a text file of Aozora Bunko (unpacked)', required: true }],
  options: { out: text('FILE', 'file to write; default: standard output'), json },
  examples: [
    { line: 'hayasa text clean wagahaiwa_nekodearu.txt --out neko.txt', comment: 'once' },
    { line: 'hayasa run my-study.yaml --text neko.txt', comment: 'prompts are then cut from it' },
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
    const report = summaryText(encoding, cleaned);
    if (options.out === undefined) terminal.writeError(report);
    else terminal.write(`${options.out}: ${report}`);
    return EXIT.ok;
  },
});

function summaryText(
  encoding: string,
  { text: plain, removed, resolvedCharacters, unresolved }: CleanedText,
): string {
  const { headerLines, colophonLines, readings, notes } = removed;
  return [
    `${countCharacters(plain).toLocaleString('en-US')} characters, read as ${encoding}`,
    `removed: ${headerLines} lines of header, ${colophonLines} of colophon, ${readings} readings, ${notes} notes`,
    `described characters: ${resolvedCharacters} written as themselves, ${unresolved.length} as 〓`,
    ...[...new Set(unresolved)].slice(0, 10).map((note) => `  ${note}`),
  ].join('\n');
}
