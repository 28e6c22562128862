/** What commander says itself, in the language of the terminal: headings of the help, and wrong command lines. */
import type { Command, CommanderError } from 'commander';
import stringWidth from 'string-width';
import { EXIT, HayasaError } from '../kernel/errors.ts';
import { same, type Words } from '../kernel/language.ts';
import type { Terminal } from './ui/terminal.ts';
import { wrap } from './ui/wrap.ts';

const HEADINGS: Readonly<Record<string, Words>> = {
  'Usage:': { en: 'Usage:', ja: '使い方:' },
  'Arguments:': { en: 'Arguments:', ja: '引数:' },
  'Options:': { en: 'Options:', ja: 'オプション:' },
  'Commands:': { en: 'Commands:', ja: 'コマンド:' },
};

export const EXAMPLES_HEADING: Words = { en: 'Examples:', ja: '例:' };
export const EXIT_CODES_HEADING: Words = { en: 'Exit codes:', ja: '終了コード:' };
export const VERSION_SUMMARY: Words = { en: 'print the version', ja: '版を表示する' };
export const HELP_SUMMARY: Words = { en: 'print this help', ja: 'このヘルプを表示する' };

/** The parts of commander's help that hold words or know the width of a character. */
export const helpConfiguration = ({ language, say }: Terminal) => ({
  styleTitle: (title: string): string => {
    const words = HEADINGS[title];
    return words === undefined ? title : say(words);
  },
  displayWidth: stringWidth,
  ...(language === 'en' ? {} : { boxWrap: wrap }),
});

/** commander's own words; as the hint its suggestion, else how the command is used. */
export function usageError(error: CommanderError, command: Command): HayasaError {
  const [first = '', ...rest] = error.message.split('\n');
  const message = first.replace(/^error: /, '');
  const suggestion = rest
    .join(' ')
    .trim()
    .replace(/^\((.*)\)$/, '$1');
  return new HayasaError({
    code: 'cli/usage',
    message: { en: message, ja: japaneseMessage(error.code, message) },
    hint: suggestion === '' ? usageOf(command) : suggestionWords(suggestion),
    exitCode: EXIT.badInput,
    cause: error,
  });
}

function usageOf(command: Command): Words {
  const members = command.commands.map((member) => member.name()).join(', ');
  const parents = command.parent?.parent ? `${command.parent.name()} ` : '';
  const path = command.parent === null ? '' : `hayasa ${parents}`;
  const usage = `${path}${command.name()} ${command.usage()}`;
  return {
    en: `usage: ${usage}${members === '' ? '' : `; commands: ${members}`}; --help says more`,
    ja: `使い方: ${usage}${members === '' ? '' : `。コマンド: ${members}`}。詳しくは --help`,
  };
}

const suggestionWords = (suggestion: string): Words => ({
  en: suggestion,
  ja: suggestion.replace(/^Did you mean (?:one of )?(.*)\?$/, 'もしかして $1 ですか?'),
});

/** commander's messages by its codes, with what they quote; its own words for a code that no program of ours meets. */
function japaneseMessage(code: string, message: string): string {
  const [, quoted = ''] = /'([^']*)'/.exec(message) ?? [];
  switch (code) {
    case 'commander.unknownOption':
      return `未知のオプション '${quoted}'`;
    case 'commander.unknownCommand':
      return `未知のコマンド '${quoted}'`;
    case 'commander.missingArgument':
      return `引数 '${quoted}' が必要です`;
    case 'commander.optionMissingArgument':
      return `オプション '${quoted}' に値がありません`;
    case 'commander.excessArguments': {
      const [expected = '', given = ''] = message.match(/\d+(?=\D*$|\D+\d+\.$)/g) ?? [];
      return `'${quoted}' の引数が多すぎます: ${expected} 個のところ ${given} 個`;
    }
    default:
      return same(message).ja;
  }
}
