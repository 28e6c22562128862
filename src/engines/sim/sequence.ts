/** One sequence while the sim engine generates it, and its share of the sample. */
import { type RandomStream, randomStream } from '../../kernel/random.ts';
import type { EventRun, SequenceSample } from '../../protocol/sample.ts';
import type { Sampling } from '../../protocol/sampling.ts';
import type { ComputeContext } from '../../worker/engine.ts';
import { advance, nextToken, stateAfter } from './language.ts';

export class Sequence {
  readonly index: number;
  readonly prompt: readonly number[];
  readonly outputTokens: number;
  sent_ns = 0;
  end_ns = 0;
  finish: SequenceSample['finish'] | undefined;
  computedPadding = 0;
  computedPromptPadding = 0;
  private readonly tokens: number[] = [];
  private readonly events: { firstStep: number; steps: number; tokensPerStep: number }[] = [];
  private state: number;

  private readonly draws: RandomStream | undefined;

  constructor(index: number, prompt: readonly number[], outputTokens: number, sampling?: Sampling) {
    this.index = index;
    this.prompt = prompt;
    this.outputTokens = outputTokens;
    this.state = stateAfter(prompt);
    this.draws =
      sampling === undefined ? undefined : randomStream(sampling.seed, `sampling: sequence ${index}`);
  }

  /** Takes the token of step `step`, which reached the host at `now_ns`; a finished sequence computes padding. */
  step(step: number, now_ns: number, model: TokenModel, emit?: ComputeContext['emit']): void {
    if (this.finish !== undefined) {
      this.computedPadding += 1;
      return;
    }
    // It has no logits to draw from: a drawn token is any token.
    const greedy = this.draws?.integer(model.vocabularySize) ?? nextToken(this.state, model.vocabularySize);
    const token = model.wrong ? (greedy + 1) % model.vocabularySize : greedy;
    this.state = advance(this.state, token);
    this.tokens.push(token);
    emit?.(this.index, token);
    this.addEvent(step);
    this.end_ns = now_ns;
    if (model.stopTokens.has(token)) this.finish = 'stop';
    else if (this.tokens.length >= this.outputTokens) this.finish = 'length';
  }

  sample(queued_ns: number): SequenceSample {
    return {
      inputTokens: this.prompt.length,
      intended_ns: queued_ns,
      queued_ns,
      sent_ns: this.sent_ns,
      events: this.events satisfies readonly EventRun[],
      end_ns: this.end_ns,
      finish: this.finish ?? 'cancelled',
      tokens: this.tokens,
      computedPadding: this.computedPadding,
      computedPromptPadding: this.computedPromptPadding,
    };
  }

  private addEvent(step: number): void {
    const last = this.events.at(-1);
    if (last !== undefined && last.firstStep + last.steps === step) last.steps += 1;
    else this.events.push({ firstStep: step, steps: 1, tokensPerStep: 1 });
  }
}

export interface TokenModel {
  readonly vocabularySize: number;
  readonly stopTokens: ReadonlySet<number>;
  /** Every token is off by one: what a broken engine writes. */
  readonly wrong: boolean;
}
