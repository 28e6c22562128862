/** `hayasa quality`: how well a model predicts a text, in each engine and precision. */

import { resolve } from 'node:path';
import { ENGINE_DECLARATIONS } from '../../engines/declarations.ts';
import type { Host } from '../../host/host.ts';
import { EXIT, HayasaError, type Problem, ProblemsError } from '../../kernel/errors.ts';
import { englishOnly, same } from '../../kernel/language.ts';
import { presentValue } from '../../kernel/maybe.ts';
import { readMachineFacts } from '../../machine/facts.ts';
import { PRECISION_NAMES, type PrecisionName } from '../../models/precision.ts';
import { scoredWindows } from '../../text/scored-windows.ts';
import { ownText, readPromptText } from '../../text/text-file.ts';
import type { TextTokenizer } from '../../text/text-tokenizer.ts';
import { loadTokenizer } from '../../text/tokenizer.ts';
import { defineCommand } from '../command.ts';
import { usableThreads } from '../doctor/examine.ts';
import { surveyEngines } from '../engines/survey.ts';
import { findGenerateModel, type GenerateModel } from '../generate/model.ts';
import { namedModel } from '../model-argument.ts';
import { qualityCandidates } from '../quality/candidates.ts';
import { measureQuality } from '../quality/measure.ts';
import { qualityOptions } from '../quality/options.ts';
import type { QualityReport } from '../quality/outcome.ts';
import { qualityText } from '../quality/quality-text.ts';
import { nearest } from '../suggest.ts';
import { stageView } from '../ui/progress-view.ts';

/** Engines that compute with a model's weights. */
const ENGINES = ENGINE_DECLARATIONS.filter(({ worker }) => worker.kind !== 'in-process');

export const qualityCommand = defineCommand({
  name: 'quality',
  summary: {
    en: 'how well a model predicts a text, in each engine and precision',
    ja: 'モデルがどれだけよく文章を予測するかを、エンジンと精度ごとに',
  },
  description: {
    en: 'Feeds the beginning of a text to the model, window by window, and adds up how probable its tokens were: bits per character, in every engine that gives logits and every precision, beside the difference from fp32 on the same windows and the agreement with its choices. Needs real weights: a synthetic checkpoint predicts nothing. Nothing of it is timed.',
    ja: '文章の先頭を窓ごとにモデルに与え、各トークンがどれだけ確からしかったかを合計します: 1 文字あたりのビット数を、ロジットを出せるすべてのエンジンとすべての精度で、同じ窓での fp32 との差、fp32 の選択との一致度とともに。学習した重みが必要です: 合成チェックポイントは何も予測しません。時間は測りません。',
  },
  arguments: [],
  options: qualityOptions,
  examples: [
    {
      line: 'hayasa quality --model ./my-model',
      comment: { en: 'on the Japanese text that ships', ja: '付属の日本語の文章で' },
    },
    {
      line: 'hayasa quality --model ./my-model --text novel.txt --precisions fp32,w8a8,w4',
      comment: { en: 'three precisions on your own text', ja: '自分の文章で 3 つの精度を' },
    },
    {
      line: 'hayasa quality --model model-Q4_K_M.gguf --text novel.txt',
      comment: { en: 'a GGUF file as it is', ja: 'GGUF ファイルをそのまま' },
    },
  ],
  run: async (context, options) => {
    const { host, terminal } = context;
    const { files, system } = host;
    const engines = known(
      '--engines',
      options.engines,
      ENGINES.map(({ id }) => id),
    );
    const precisions = known('--precisions', options.precisions, PRECISION_NAMES);
    const source =
      options.text === undefined ? ownText(files) : readPromptText(files, system.currentFolder, options.text);
    const view = stageView(terminal);
    const show = options.json ? (): void => {} : view.show;
    // A preset is refused before its weights would be written.
    if (namedModel(host, options.model).kind === 'preset') throw synthetic(options.model);
    const model = await findGenerateModel(context, options, show);
    if (model.origin.kind === 'synthetic') throw synthetic(model.name);
    const tokenizer = tokenizerOf(host, model, options.tokenizer);
    const text = scoredWindows({
      tokenizer,
      source,
      characters: options.characters,
      windowCharacters: options.window,
      contextTokens: options.context,
    });
    const facts = readMachineFacts(host);
    const declarations = ENGINES.filter(({ id }) => engines?.includes(id) !== false);
    const candidates = qualityCandidates({
      model,
      engines: await surveyEngines(host, declarations),
      precisions: precisions as readonly PrecisionName[] | undefined,
      threads: options.threads ?? usableThreads(facts),
      availableBytes: presentValue(facts.memory.availableBytes),
      contextTokens: Math.max(...text.windows.map(({ context }) => context.length)),
      windowTokens: Math.max(...text.windows.map(({ tokens }) => tokens.length)),
    });
    const measured = await measureQuality(host, model, text, candidates, show).finally(view.close);
    const report: QualityReport = {
      model: model.name,
      text: { name: source.name, hash: source.hash, characters: text.characters },
      tokenizer: { kind: tokenizer.kind, hash: tokenizer.hash },
      comesBack: text.comesBack,
      tokens: text.tokens,
      contextTokens: options.context,
      windows: text.windows.map(({ characters, tokens }) => ({ characters, tokens: tokens.length })),
      ...measured,
      leftOut: candidates.leftOut,
    };
    terminal.write(options.json ? JSON.stringify(report, englishOnly, 2) : qualityText(report, terminal.say));
    if (report.failures.length > 0) return EXIT.finishedWithFailures;
    return report.rows.length === 0 ? EXIT.refusedByPlan : EXIT.ok;
  },
});

/** @throws ProblemsError with every word that is not allowed */
function known(
  option: string,
  given: readonly string[] | undefined,
  allowed: readonly string[],
): readonly string[] | undefined {
  const problems = (given ?? [])
    .filter((word) => !allowed.includes(word))
    .map((word): Problem => {
      const didYouMean = nearest(word, allowed);
      return {
        path: option,
        message: { en: 'not known', ja: '未知です' },
        value: word,
        allowed: same(allowed.join(', ')),
        ...(didYouMean === undefined ? {} : { didYouMean }),
      };
    });
  if (problems.length > 0) throw new ProblemsError(option, problems);
  return given;
}

const synthetic = (name: string): HayasaError =>
  new HayasaError({
    code: 'quality/synthetic-weights',
    message: {
      en: `${name} has synthetic weights: they predict nothing, so their quality says nothing`,
      ja: `${name} の重みは合成です: 何も予測しないので、品質は何も語りません`,
    },
    hint: {
      en: 'name a folder or a GGUF file with trained weights',
      ja: '学習した重みのフォルダーか GGUF ファイルを指定してください',
    },
    exitCode: EXIT.refusedByPlan,
  });

/** @throws HayasaError `text/no-tokenizer`, and whatever is wrong with a tokenizer */
function tokenizerOf(
  { files, system }: Host,
  model: GenerateModel,
  asked: string | undefined,
): TextTokenizer {
  const found =
    asked === undefined
      ? model.tokenizer
      : loadTokenizer(files, resolve(system.currentFolder, asked), model.vocabularySize);
  if (found.kind === 'value') return found.value;
  throw new HayasaError({
    code: 'text/no-tokenizer',
    message: found.reason,
    hint: {
      en: 'name a tokenizer with --tokenizer: tokenizer.json, spiece.model, or the GGUF file that the model came from',
      ja: '--tokenizer でトークナイザーを指定してください: tokenizer.json、spiece.model、またはモデルの元の GGUF ファイル',
    },
  });
}
