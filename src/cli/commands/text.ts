/** `hayasa text`: what a text is made of, and how many prompts can be cut from it. */
import { EXIT } from '../../kernel/errors.ts';
import { textProfile } from '../../text/profile.ts';
import { ownText, readPromptText, textName } from '../../text/text-file.ts';
import { defineCommand } from '../command.ts';
import { json } from '../options.ts';
import { formatShare } from '../ui/numbers.ts';
import { definitionList } from '../ui/table.ts';

export const textCommand = defineCommand({
  name: 'text',
  summary: {
    en: 'show what a text gives: characters, sentences, scripts',
    ja: '文章から何が得られるか: 文字数、文の数、文字の種類',
  },
  description: {
    en: 'Prints characters, sentences (the places that prompts start from: as many different prompts can be cut) and scripts of a UTF-8 text; without FILE of the Japanese essays that ship with Hayasa. `hayasa tokens` shows its tokens.',
    ja: 'UTF-8 の文章の文字数、文の数（プロンプトの始まる位置。その数だけ異なるプロンプトを切り出せます）、文字の種類を表示します。FILE がなければ、Hayasa に付属する日本語の随筆を使います。トークンは `hayasa tokens` が示します。',
  },
  arguments: [{ name: 'FILE', summary: { en: 'a UTF-8 text', ja: 'UTF-8 の文章' }, required: false }],
  options: { json },
  examples: [
    { line: 'hayasa text', comment: { en: 'the text that ships', ja: '付属の文章' } },
    { line: 'hayasa text novel.txt', comment: { en: 'your own', ja: '自分の文章' } },
  ],
  run: async ({ host: { files, system }, terminal }, options, [file]) => {
    const source = file === undefined ? ownText(files) : readPromptText(files, system.currentFolder, file);
    const profile = textProfile(source.text);
    const { say } = terminal;
    const { characters, bytes, sentences, scripts } = profile;
    const count = (value: number): string => value.toLocaleString('en-US');
    terminal.write(
      options.json
        ? JSON.stringify({ name: source.name, hash: source.hash, ...profile }, null, 2)
        : `${say(textName(source.name))}\n${definitionList([
            [say({ en: 'characters', ja: '文字' }), count(characters)],
            [say({ en: 'bytes', ja: 'バイト' }), count(bytes)],
            [
              say({ en: 'sentences', ja: '文' }),
              say({
                en: `${count(sentences)} (as many different prompts)`,
                ja: `${count(sentences)}（その数だけ異なるプロンプト）`,
              }),
            ],
            ...Object.entries(scripts).map(
              ([script, one]) => [script, formatShare(one / characters)] as const,
            ),
            [say({ en: 'hash', ja: 'ハッシュ' }), source.hash],
          ])}`,
    );
    return EXIT.ok;
  },
});
