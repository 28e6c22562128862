/** `hayasa text`: what a text is made of, and how many prompts can be cut from it. */
import { EXIT } from '../../kernel/errors.ts';
import { textProfile } from '../../text/profile.ts';
import { ownText, readPromptText } from '../../text/text-file.ts';
import { defineCommand } from '../command.ts';
import { json } from '../options.ts';
import { formatShare } from '../ui/numbers.ts';
import { definitionList } from '../ui/table.ts';

export const textCommand = defineCommand({
  name: 'text',
  summary: 'show what a text gives: characters, sentences, scripts',
  description:
    'Prints characters, sentences (the places that prompts start from: as many different prompts can be cut) and scripts of a UTF-8 text; without FILE of the Japanese essays that ship with Hayasa. `hayasa tokens` shows its tokens.',
  arguments: [{ name: 'FILE', summary: 'a UTF-8 text', required: false }],
  options: { json },
  examples: [
    { line: 'hayasa text', comment: 'the text that ships' },
    { line: 'hayasa text novel.txt', comment: 'your own' },
  ],
  run: async ({ host: { files, system }, terminal }, options, [file]) => {
    const source = file === undefined ? ownText(files) : readPromptText(files, system.currentFolder, file);
    const profile = textProfile(source.text);
    const { characters, bytes, sentences, scripts } = profile;
    const count = (value: number): string => value.toLocaleString('en-US');
    terminal.write(
      options.json
        ? JSON.stringify({ name: source.name, hash: source.hash, ...profile }, null, 2)
        : `${source.name}\n${definitionList([
            ['characters', count(characters)],
            ['bytes', count(bytes)],
            ['sentences', `${count(sentences)} (as many different prompts)`],
            ...Object.entries(scripts).map(
              ([script, one]) => [script, formatShare(one / characters)] as const,
            ),
            ['hash', source.hash],
          ])}`,
    );
    return EXIT.ok;
  },
});
