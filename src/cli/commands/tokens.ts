/** `hayasa tokens`: what the tokenizers of one or more models do to a text, side by side, and how fast. */
import { resolve } from 'node:path';
import { EXIT, HayasaError } from '../../kernel/errors.ts';
import { englishOnly, type Words } from '../../kernel/language.ts';
import { parseHubId } from '../../models/hub-id.ts';
import { surveyTokens, tokenPieces } from '../../text/survey.ts';
import { ownText, readPromptText, textName } from '../../text/text-file.ts';
import type { TextTokenizer } from '../../text/text-tokenizer.ts';
import { loadTokenizer } from '../../text/tokenizer.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { fetchModel } from '../models/fetch-model.ts';
import { offlineOption } from '../models/offline-option.ts';
import { json, names, required, text } from '../options.ts';
import { type SurveyedTokenizer, tokensText } from '../tokens/tokens-text.ts';
import { stageView } from '../ui/progress-view.ts';

/** Characters of the beginning that are shown cut. */
const SHOWN_CHARACTERS = 48;

export const tokensCommand = defineCommand({
  name: 'tokens',
  summary: {
    en: 'show what tokenizers do to a text, and how fast they are',
    ja: 'トークナイザーが文章をどう分けるか、どれだけ速いかを示す',
  },
  description: {
    en: 'Cuts a text with the tokenizer of each model (tokenizer.json, spiece.model or tokenizer.model in its folder; or one such file; or a GGUF file) and prints tokens, characters per token, the speed of the tokenizer itself, and whether the text comes back unchanged. Loads no weights. Long texts are worked through in pieces, so that a count may differ by a token at the end of a piece.',
    ja: '各モデルのトークナイザー（フォルダー内の tokenizer.json、spiece.model、tokenizer.model、またはそのファイル自体、または GGUF ファイル）で文章を分け、トークン数、1 トークンあたりの文字数、トークナイザー自体の速さ、文章が元に戻るかを表示します。重みは読み込みません。長い文章は区切って処理するので、区切り目でトークン数が 1 つ違うことがあります。',
  },
  arguments: [],
  options: {
    model: required(
      names('MODELS', {
        en: 'model folders, GGUF files, tokenizer files or models of the hub (owner/name), separated by commas',
        ja: 'モデルのフォルダー、GGUF ファイル、トークナイザーのファイル、ハブのモデル（owner/name）。コンマ区切り',
      }),
    ),
    text: text('FILE', {
      en: 'a UTF-8 text; default: the Japanese essays that ship with Hayasa',
      ja: 'UTF-8 の文章。既定は Hayasa に付属する日本語の随筆',
    }),
    offline: offlineOption,
    json,
  },
  examples: [
    {
      line: 'hayasa tokens --model ./my-model',
      comment: { en: 'over the text that ships', ja: '付属の文章で' },
    },
    {
      line: 'hayasa tokens --model ./ja,./en/tokenizer.json --text novel.txt',
      comment: { en: 'two side by side', ja: '二つを並べて' },
    },
  ],
  run: async (context, options) => {
    const { host, terminal } = context;
    const { say } = terminal;
    const { files, system, clock } = host;
    const source =
      options.text === undefined ? ownText(files) : readPromptText(files, system.currentFolder, options.text);
    const tokenizers: { readonly model: string; readonly tokenizer: TextTokenizer }[] = [];
    for (const model of options.model)
      tokenizers.push({ model, tokenizer: await find(context, model, options) });
    const view = stageView(terminal);
    const surveyed: SurveyedTokenizer[] = [];
    for (const { model, tokenizer } of tokenizers) {
      const survey = await surveyTokens(tokenizer, source.text, clock, (fraction) => {
        if (!options.json)
          view.show({ en: `${model}: tokenising`, ja: `${model}: トークンに分けています` }, fraction);
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
    terminal.write(
      options.json ? JSON.stringify(data, englishOnly, 2) : tokensText(textName(source.name), surveyed, say),
    );
    return EXIT.ok;
  },
});

/** @throws HayasaError `text/no-tokenizer`, and whatever is wrong with a tokenizer */
async function find(
  context: CommandContext,
  model: string,
  { offline, json: quiet }: { readonly offline: boolean; readonly json: boolean },
): Promise<TextTokenizer> {
  const { files, system } = context.host;
  const local = resolve(system.currentFolder, model);
  const id = files.kind(local) === undefined ? parseHubId(model) : undefined;
  const path =
    id === undefined ? local : (await fetchModel(context, id, { offline, quiet, part: 'tokenizer' })).folder;
  const loaded = loadTokenizer(files, path, undefined);
  if (loaded.kind === 'value') return loaded.value;
  const reason: Words =
    files.kind(path) === undefined
      ? { en: 'neither a file nor a folder', ja: 'ファイルでもフォルダーでもありません' }
      : loaded.reason;
  throw new HayasaError({
    code: 'text/no-tokenizer',
    message: { en: `--model ${model}: ${reason.en}`, ja: `--model ${model}: ${reason.ja}` },
    hint: {
      en: 'presets have synthetic weights and no tokenizer; name a folder, a tokenizer file or a model of the hub (owner/name)',
      ja: 'プリセットの重みは合成でトークナイザーがありません。フォルダー、トークナイザーのファイル、ハブのモデル（owner/name）を指定してください',
    },
  });
}

/** The first characters of a text. */
const beginningOf = (whole: string): string =>
  Array.from(whole.slice(0, 2 * SHOWN_CHARACTERS))
    .slice(0, SHOWN_CHARACTERS)
    .join('');
