/**
 * What each model of a study is scored on: the windows of the study's quality text, or why it has none. Read before
 * anything starts, so that a text that is missing or too short is known at once.
 */

import type { Host } from '../host/host.ts';
import type { Words } from '../kernel/language.ts';
import { type Maybe, missing, present } from '../kernel/maybe.ts';
import type { Study } from '../study/study.ts';
import { scoredWindows, type WindowedText } from '../text/scored-windows.ts';
import { ownText, type PromptText, readPromptText } from '../text/text-file.ts';
import type { RunModel } from './models.ts';
import type { ModelTexts } from './texts.ts';

/** As `hayasa quality` has them by default: docs/method.md. */
const WINDOW_CHARACTERS = 100;
export const CONTEXT_TOKENS = 256;

const SYNTHETIC: Words = { en: 'synthetic weights', ja: '合成した重みです' };

export interface QualityText extends WindowedText {
  readonly tokenizer: { readonly kind: string; readonly hash: string };
}

export interface QualityTexts {
  readonly source: PromptText;
  /** Code points that are asked for. */
  readonly characters: number;
  /** By the model's name in the study. */
  readonly models: ReadonlyMap<string, Maybe<QualityText>>;
}

/** @throws HayasaError `file/missing`, `text/not-utf8`, `text/empty`, `text/too-short` */
export function qualityTexts(
  { files, system }: Host,
  study: Study,
  models: readonly RunModel[],
  texts: ModelTexts,
): QualityTexts | undefined {
  const { quality } = study;
  if (quality === undefined) return undefined;
  const path = quality.text ?? (study.text === false ? undefined : study.text);
  const source = path === undefined ? ownText(files) : readPromptText(files, system.currentFolder, path);
  const { characters } = quality;
  const windowsOf = (model: RunModel): Maybe<QualityText> => {
    if (model.origin.kind === 'synthetic') return missing(SYNTHETIC);
    const tokenizer =
      texts.get(model.name)?.tokenizer ?? missing({ en: 'no tokenizer', ja: 'トークナイザーがありません' });
    if (tokenizer.kind === 'missing') return tokenizer;
    const { kind, hash } = tokenizer.value;
    const windows = scoredWindows({
      tokenizer: tokenizer.value,
      source,
      characters,
      windowCharacters: WINDOW_CHARACTERS,
      contextTokens: CONTEXT_TOKENS,
    });
    return present({ ...windows, tokenizer: { kind, hash } });
  };
  return { source, characters, models: new Map(models.map((model) => [model.name, windowsOf(model)])) };
}
