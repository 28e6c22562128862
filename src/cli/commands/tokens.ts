/** `hayasa tokens`: what the tokenizers of one or more models do to a text, side by side, and how fast. */
import { resolve } from 'node:path';
import type { Host } from '../../host/host.ts';
import { EXIT, HayasaError } from '../../kernel/errors.ts';
import { surveyTokens, tokenPieces } from '../../text/survey.ts';
import { ownText, readPromptText } from '../../text/text-file.ts';
import type { TextTokenizer } from '../../text/text-tokenizer.ts';
import { loadTokenizer } from '../../text/tokenizer.ts';
import { defineCommand } from '../command.ts';
import { json, names, required, text } from '../options.ts';
import { type SurveyedTokenizer, tokensText } from '../tokens/tokens-text.ts';
import { stageView } from '../ui/progress-view.ts';

/** Characters of the beginning that are shown cut. */
const SHOWN_CHARACTERS = 48;

export const tokensCommand = defineCommand({
  name: 'tokens',
  summary: 'show what tokenizers do to a text, and how fast they are',
  description:
    'Cuts a text with the tokenizer of each model (tokenizer.json, spiece.model or tokenizer.model in its folder; or one such file; or a GGUF file) and prints tokens, characters per token, the speed of the tokenizer itself, and whether the text comes back unchanged. Loads no weights. Long texts are worked through in pieces, so that a count may differ by a token at the end of a piece.',
  arguments: [],
  options: {
    model: required(names('MODELS', 'model folders, GGUF files or tokenizer files, separated by commas')),
    text: text('FILE', 'a UTF-8 text; default: the Japanese essays that ship with Hayasa'),
    json,
  },
  examples: [
    { line: 'hayasa tokens --model ./my-model', comment: 'over the text that ships' },
    { line: 'hayasa tokens --model ./ja,./en/tokenizer.json --text novel.txt', comment: 'two side by side' },
  ],
  run: async ({ host, terminal }, options) => {
    const { files, system, clock } = host;
    const source =
      options.text === undefined ? ownText(files) : readPromptText(files, system.currentFolder, options.text);
    const tokenizers = options.model.map((model) => ({ model, tokenizer: find(host, model) }));
    const view = stageView(terminal);
    const surveyed: SurveyedTokenizer[] = [];
    for (const { model, tokenizer } of tokenizers) {
      const survey = await surveyTokens(tokenizer, source.text, clock, (fraction) => {
        if (!options.json) view.show(`${model}: tokenising`, fraction);
      }).finally(view.close);
      surveyed.push({
        model,
        tokenizer: tokenizer.kind,
        vocabularySize: tokenizer.vocabularySize,
        survey,
        beginning: tokenPieces(tokenizer, beginningOf(source.text)),
      });
    }
    const data = { text: source.name, hash: source.hash, tokenizers: surveyed };
    terminal.write(options.json ? JSON.stringify(data, null, 2) : tokensText(source.name, surveyed));
    return EXIT.ok;
  },
});

/** @throws HayasaError `text/no-tokenizer`, and whatever is wrong with a tokenizer */
function find({ files, system }: Host, model: string): TextTokenizer {
  const path = resolve(system.currentFolder, model);
  const loaded = loadTokenizer(files, path, undefined);
  if (loaded.kind === 'value') return loaded.value;
  throw new HayasaError({
    code: 'text/no-tokenizer',
    message: `--model ${model}: ${files.kind(path) === undefined ? 'neither a file nor a folder' : loaded.reason}`,
    hint: 'presets have synthetic weights and no tokenizer; name a folder or a tokenizer file',
  });
}

/** The first characters of a text. */
const beginningOf = (whole: string): string =>
  Array.from(whole.slice(0, 2 * SHOWN_CHARACTERS))
    .slice(0, SHOWN_CHARACTERS)
    .join('');
