/**
 * What the journal keeps of texts: the prompts, the tokenizer's own time over them, and the characters of what was
 * generated. All of it is made before a worker starts or after it has stopped, never beside a measured generation.
 */
import type { Clock } from '../host/host.ts';
import { unpacked } from '../journal/packed-repeats.ts';
import type { JournalRecord } from '../journal/records.ts';
import { decodedKey, type JournalState } from '../journal/state.ts';
import type { Plan } from '../plan/plan.ts';
import { countCharacters } from '../text/characters.ts';
import type { LaunchCell } from './launch-task.ts';
import { type ModelTexts, promptShapes } from './texts.ts';

export interface TextRecords {
  /** The prompts of every cell, once per run; and the characters of what an invocation that was killed left uncounted. */
  begin(plan: Pick<Plan, 'cells'>): void;
  /** Times the tokenizer over the prompts of the cells of a launch that is about to start. */
  tokenise(launch: string, model: string, cells: readonly LaunchCell[]): void;
  /** Sees the records of a running launch; only notes tokens. */
  note(record: JournalRecord): void;
  /** Counts the characters of what was noted. */
  decode(model: string): void;
}

export interface TextRecordsInit {
  readonly texts: ModelTexts;
  readonly seed: number;
  readonly clock: Pick<Clock, 'monotonic_ns'>;
  readonly before: JournalState;
  readonly append: (record: JournalRecord) => void;
}

export function textRecords({ texts, seed, clock, before, append }: TextRecordsInit): TextRecords {
  const decoded = new Set(before.decoded.keys());
  const noted = new Map<string, readonly (readonly number[])[]>();

  const decode = (model: string): void => {
    const text = texts.get(model);
    for (const [tokensDigest, tokens] of noted) {
      const key = decodedKey(model, tokensDigest);
      if (text?.tokenizer.kind !== 'value' || decoded.has(key)) continue;
      const { value } = text.tokenizer;
      append({
        kind: 'decoded',
        model,
        tokensDigest,
        characters: countCharacters(tokens.map((ids) => value.decode(ids))),
      });
      decoded.add(key);
    }
    noted.clear();
  };

  const decodeWhatIsLeft = (plan: Pick<Plan, 'cells'>): void => {
    const models = new Map(plan.cells.map(({ cellKey, cell }) => [cellKey, cell.model]));
    for (const { cells } of before.launches) {
      for (const { cellKey, repeats } of cells.values()) {
        const model = models.get(cellKey);
        for (const { sample } of unpacked(repeats)) {
          const { tokensDigest } = sample;
          const tokens = before.tokens.get(tokensDigest);
          if (tokens !== undefined) noted.set(tokensDigest, tokens);
        }
        if (model !== undefined) decode(model);
      }
    }
  };

  return {
    begin: (plan) => {
      decodeWhatIsLeft(plan);
      for (const shape of promptShapes(plan)) {
        const { model, lengths, inputTokens } = shape;
        const text = texts.get(model);
        const known = before.prompts.some(
          (one) => one.model === model && one.lengths === lengths && one.inputTokens === inputTokens,
        );
        if (text?.origin.kind !== 'text' || known) continue;
        const { ids, texts: promptTexts = [] } = text.source.prompts({ ...shape, seed });
        const { name, textHash, tokenizer, tokenizerHash, chat } = text.origin;
        append({
          kind: 'prompts',
          model,
          lengths,
          inputTokens,
          text: { name, hash: textHash },
          tokenizer: { kind: tokenizer, hash: tokenizerHash },
          ...(chat?.kind === 'template'
            ? { chat: { templateHash: chat.hash, templateTokens: chat.tokens } }
            : {}),
          tokens: ids.map((one) => [...one]),
          texts: [...promptTexts],
        });
      }
    },
    tokenise: (launch, model, cells) => {
      const text = texts.get(model);
      if (text?.tokenizer.kind !== 'value' || text.origin.kind !== 'text') return;
      const { encode, clearCache } = text.tokenizer.value;
      for (const { cellKey, cell } of cells) {
        const { batch: count, promptLengths: lengths, inputTokens } = cell;
        const prompts = text.source.prompts({ count, lengths, inputTokens, seed }).texts ?? [];
        clearCache();
        let tokens = 0;
        const begin_ns = clock.monotonic_ns();
        for (const prompt of prompts) tokens += encode(prompt).length;
        const elapsed_ns = Number(clock.monotonic_ns() - begin_ns);
        append({
          kind: 'tokenised',
          launch,
          cellKey,
          characters: countCharacters(prompts),
          tokens,
          elapsed_ns,
        });
      }
    },
    note: (record) => {
      if (record.kind === 'tokens') noted.set(record.tokensDigest, record.tokens);
    },
    decode,
  };
}
