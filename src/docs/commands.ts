/** docs/commands.md: every command's declaration, and the exit codes. */
import type { CommandDeclaration } from '../cli/command.ts';
import { EXIT_CODES } from '../cli/exit-codes.ts';
import { LANGUAGE_OPTION } from '../cli/language-option.ts';
import { longOption } from '../cli/parse-options.ts';
import { same, sayEnglish } from '../kernel/language.ts';
import { document, fence, generatedNote, heading, inlineCode, table } from './markdown.ts';

export function commandsDocument(commands: readonly CommandDeclaration[]): string {
  return document([
    generatedNote('src/cli/commands/'),
    heading(1, 'Commands'),
    table(
      ['command', 'what it does'],
      commands.map(({ name, summary }) => [inlineCode(`hayasa ${name}`), sayEnglish(summary)]),
    ),
    `Every command also takes ${inlineCode(LANGUAGE_OPTION.flags)}: ${LANGUAGE_OPTION.summary.en}. JSON and CSV are English always, a journal holds Hayasa's own texts in every language; the locale is not asked.`,
    ...commands.flatMap(commandSection),
    heading(2, 'Exit codes'),
    table(
      ['code', 'meaning'],
      EXIT_CODES.map(({ code, meaning }) => [String(code), sayEnglish(meaning)]),
    ),
  ]);
}

function commandSection(command: CommandDeclaration): string[] {
  const words = command.arguments.map(({ name, required }) => (required ? name : `[${name}]`));
  return [
    heading(2, inlineCode(['hayasa', command.name, ...words].join(' '))),
    sayEnglish(command.description),
    table(
      ['argument', 'meaning'],
      command.arguments.map(({ name, summary }) => [inlineCode(name), sayEnglish(summary)]),
    ),
    table(
      ['option', 'allowed', 'default', 'meaning'],
      Object.entries(command.options).map(([key, option]) => [
        inlineCode([longOption(key), optionValue(option)].join(' ').trim()),
        option.choices.length > 0
          ? option.choices.map(inlineCode).join(', ')
          : sayEnglish(option.allowed ?? same('')),
        defaultText(option.defaultValue),
        sayEnglish(option.summary),
      ]),
    ),
    command.examples.length === 0
      ? ''
      : fence(command.examples.map(({ comment, line }) => `# ${comment.en}\n${line}`).join('\n')),
  ];
}

const defaultText = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? inlineCode(String(value)) : '';

const optionValue = ({ placeholder = '', bare }: CommandDeclaration['options'][string]): string =>
  bare === undefined ? placeholder : `[${placeholder}]`;
