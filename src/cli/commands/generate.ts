/** `hayasa generate`: what a model writes, shown as it is generated, with TTFT and TPOT. */

import { EXIT } from '../../kernel/errors.ts';
import { englishOnly } from '../../kernel/language.ts';
import { readMachineFacts } from '../../machine/facts.ts';
import { loadChatTemplate } from '../../text/chat-template.ts';
import { readPromptText } from '../../text/text-file.ts';
import { defineCommand } from '../command.ts';
import { usableThreads } from '../doctor/examine.ts';
import { engineFor } from '../generate/engine.ts';
import { engineOptions } from '../generate/engine-options.ts';
import { generateOnce } from '../generate/generation.ts';
import { findGenerateModel } from '../generate/model.ts';
import { generateOptions } from '../generate/options.ts';
import { generateOutcome, generateSetting } from '../generate/outcome.ts';
import { figuresText, settingText } from '../generate/outcome-text.ts';
import { promptsFor } from '../generate/prompts.ts';
import { generateTask } from '../generate/request.ts';
import { type Watch, watchText } from '../generate/watch.ts';
import { stageView } from '../ui/progress-view.ts';

export const generateCommand = defineCommand({
  name: 'generate',
  summary: {
    en: 'print what a model writes, with TTFT and TPOT',
    ja: 'モデルが書くものを TTFT、TPOT とともに表示する',
  },
  description: {
    en: 'Loads the model in a worker process, generates once to warm up and once more for the figures. Where the model has a tokenizer (tokenizer.json or spiece.model in its folder, or the one in a GGUF file), the text of a single sequence is printed as it is generated; the figures are then those of the second generation, while nothing is printed. Otherwise prints token ids. Decodes greedily, or draws tokens with --temperature: the same seed gives the same tokens. Without a prompt it starts from seeded random ids.',
    ja: 'ワーカープロセスにモデルを読み込み、ウォームアップに 1 回、数値のためにもう 1 回生成します。モデルにトークナイザーがあれば（フォルダー内の tokenizer.json か spiece.model、または GGUF ファイルの中のもの）、系列が 1 つのとき文章を生成と同時に表示します。その場合の数値は、何も表示していない 2 回目の生成のものです。なければトークン id を表示します。貪欲に復号するか、--temperature でトークンを抽選します: 同じシードは同じトークンを与えます。プロンプトがなければ、シードによる乱数の id から始めます。',
  },
  arguments: [],
  options: generateOptions,
  examples: [
    {
      line: 'hayasa generate --model open-calm-small --precision w8a8',
      comment: { en: 'synthetic weights', ja: '合成した重み' },
    },
    {
      line: 'hayasa generate --model ./my-model --prompt "速さとは" --natural-stop',
      comment: {
        en: 'your own checkpoint, with its tokenizer',
        ja: '自分のチェックポイントと、そのトークナイザー',
      },
    },
    {
      line: 'hayasa generate --model ./my-model --chat --system "短く答える。" --prompt "速さとは何ですか。"',
      comment: {
        en: 'a conversation, in the template that the model was trained on',
        ja: '会話を、モデルの学習に使われたテンプレートで',
      },
    },
    {
      line: 'hayasa generate --model ./my-model --text novel.txt --input-tokens 64 --batch 4',
      comment: {
        en: 'four different prompts of exactly 64 tokens',
        ja: 'ちょうど 64 トークンの異なるプロンプト 4 つ',
      },
    },
    {
      line: 'hayasa generate --model ./my-model --prompt "速さとは" --temperature 0.8 --top-p 0.95 --seed 1',
      comment: {
        en: 'drawn tokens instead of the most likely ones',
        ja: '最もありそうなトークンの代わりに抽選で',
      },
    },
    {
      line: 'hayasa generate --model model.gguf --prompt "Speed is" --natural-stop',
      comment: { en: 'a GGUF file, with the tokenizer in it', ja: 'GGUF ファイルと、その中のトークナイザー' },
    },
  ],
  run: async (context, options) => {
    const { host, terminal } = context;
    const view = stageView(terminal);
    const show = options.json ? (): void => {} : view.show;
    const source =
      options.text === undefined
        ? undefined
        : readPromptText(host.files, host.system.currentFolder, options.text);
    const model = await findGenerateModel(context, options, show);
    for (const text of model.warnings)
      terminal.writeError(terminal.say({ en: `warning: ${text.en}`, ja: `警告: ${text.ja}` }));
    const declaration = engineFor(options.engine, model);
    const threads = options.threads ?? usableThreads(readMachineFacts(host));
    const precision = options.precision ?? (model.file === undefined ? 'fp32' : 'file');
    const wishes = {
      ...options,
      precision,
      threads,
      options: engineOptions(declaration, options.engineOptions),
    };
    const prompts = promptsFor(model, {
      ...options,
      source,
      chat: options.chat ? loadChatTemplate(host.files, model.path) : undefined,
    });
    const { cell, request } = generateTask(declaration, model, wishes, prompts);
    const { tokenizer } = model;
    const watched = !options.json && tokenizer.kind === 'value' && prompts.length === 1;
    let watch: Watch | undefined;
    const generation = await generateOnce(host, declaration, model, cell, request, {
      onProgress: show,
      onLoaded: (loaded, load_ms) => {
        view.close();
        if (options.json) return;
        terminal.write(settingText(generateSetting(model, cell, loaded, load_ms), terminal.say));
        if (watched) watch = watchText(terminal, tokenizer.value, prompts[0]?.text);
      },
      onTokens: watched ? (tokens) => watch?.onTokens(tokens) : undefined,
      onWarm: () => watch?.close(),
    }).finally(view.close);
    const outcome = generateOutcome(model, cell, prompts, generation);
    terminal.write(
      options.json
        ? JSON.stringify(outcome, englishOnly, 2)
        : figuresText(outcome, watch?.text(), terminal.say),
    );
    return EXIT.ok;
  },
});
