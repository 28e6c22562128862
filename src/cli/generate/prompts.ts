/** The prompts of `hayasa generate`: given ids, given text, or seeded random ids. Pure but for the tokenizer handed in. */
import { HayasaError, type Problem, ProblemsError } from '../../kernel/errors.ts';
import { tokenIdPrompts } from '../../text/prompts.ts';
import type { GenerateModel } from './model.ts';

export interface PromptWishes {
  readonly promptIds: readonly number[] | undefined;
  readonly prompt: string | undefined;
  readonly inputTokens: number | undefined;
  readonly outputTokens: number;
  readonly batch: number;
  readonly seed: number;
}

const DEFAULT_INPUT_TOKENS = 16;
/** A GGUF file may not say how many tokens it knows: ids below this are known to every model. */
const SAFE_VOCABULARY = 256;

/**
 * One prompt per sequence; a given prompt is the same for all of them.
 * @throws ProblemsError with every option that does not fit, HayasaError `text/no-tokenizer`
 */
export function promptsFor(model: GenerateModel, wishes: PromptWishes): number[][] {
  const { promptIds, prompt, inputTokens, batch, seed } = wishes;
  const given = [promptIds, prompt, inputTokens].filter((wish) => wish !== undefined);
  if (given.length > 1) {
    throw new ProblemsError('hayasa generate', [
      { path: '--prompt-ids, --prompt, --input-tokens', message: 'only one of them can be given' },
    ]);
  }
  const one = promptIds ?? (prompt === undefined ? undefined : encode(model, prompt));
  const prompts =
    one === undefined
      ? tokenIdPrompts({
          vocabularySize: model.vocabularySize ?? SAFE_VOCABULARY,
          count: batch,
          lengths: 'equal',
          inputTokens: inputTokens ?? DEFAULT_INPUT_TOKENS,
          seed,
          reservedTokens: [model.bosTokenId, model.eosTokenId].filter((id) => id !== undefined),
        })
      : Array.from({ length: batch }, () => [...one]);
  const problems = problemsOf(model, prompts[0] ?? [], wishes.outputTokens);
  if (problems.length > 0) throw new ProblemsError('hayasa generate', problems);
  return prompts;
}

function encode({ tokenizer, bosTokenId, format }: GenerateModel, prompt: string): number[] {
  if (tokenizer.kind === 'missing') {
    throw new HayasaError({
      code: 'text/no-tokenizer',
      message: `--prompt needs a tokenizer: ${tokenizer.reason}`,
      hint: 'use --prompt-ids 1,2,3 or --input-tokens N',
    });
  }
  const ids = tokenizer.value.encode(prompt);
  // A text that encodes to nothing still needs a token to start from.
  return ids.length === 0 && bosTokenId !== undefined && format === 'safetensors' ? [bosTokenId] : ids;
}

function problemsOf(model: GenerateModel, prompt: readonly number[], outputTokens: number): Problem[] {
  const { vocabularySize, maximumPositions } = model;
  const unknown = vocabularySize === undefined ? undefined : prompt.find((id) => id >= vocabularySize);
  const positions = prompt.length + outputTokens;
  return [
    ...(prompt.length === 0 ? [{ path: '--prompt', message: 'has no tokens' }] : []),
    ...(unknown === undefined
      ? []
      : [
          {
            path: '--prompt-ids',
            message: 'is not in the vocabulary',
            value: String(unknown),
            allowed: `0 to ${(vocabularySize ?? 0) - 1}`,
          },
        ]),
    ...(maximumPositions === undefined || positions <= maximumPositions
      ? []
      : [
          {
            path: '--output-tokens',
            message: 'goes beyond the positions of the model',
            value: String(outputTokens),
            allowed: `at most ${Math.max(0, maximumPositions - prompt.length)} after ${prompt.length} prompt tokens`,
          },
        ]),
  ];
}
