import { describe, expect, it } from 'vitest';
import { realFiles } from '../host/files.ts';
import { testHost } from '../host/test-host.ts';
import { presentValue } from '../kernel/maybe.ts';
import { loadChatTemplate } from './chat-template.ts';
import { chatForm, type PromptForm, textForm } from './prompt-form.ts';
import { testTokenizer } from './test-tokenizers.ts';
import { ownText } from './text-file.ts';
import { textPrompts } from './text-prompts.ts';

const END = '<|endoftext|>';
/** As ChatML: a system message that nobody asked for, and the turn of the model opened. */
const TEMPLATE = `{{ 'sys${END}' }}{% for m in messages %}{{ m.role + ': ' + m.content | trim + '${END}' }}{% endfor %}model:`;

const templateOf = (chat_template: string) =>
  loadChatTemplate(
    testHost({ files: { '/m/tokenizer_config.json': JSON.stringify({ chat_template }) } }).files,
    '/m',
  );
const tokenizer = testTokenizer('byte-level-bpe');

function formOf(template = TEMPLATE): PromptForm {
  const form = presentValue(chatForm(tokenizer, templateOf(template)));
  if (form === undefined) throw new Error('no form');
  return form;
}

const base = { source: ownText(realFiles()), count: 16, lengths: 'equal', inputTokens: 64, seed: 0 } as const;

describe('chatForm', () => {
  const form = formOf();
  const own = tokenizer.encode(`sys${END}user: `).length + tokenizer.encode(`${END}model:`).length;

  it('knows what the template takes of a prompt', () => {
    expect(form.ownTokens).toBe(own);
    expect(form.promptOf('速い').text).toBe(`sys${END}user: 速い${END}model:`);
  });

  it('fills prompts to exactly the tokens asked for, template included, with ids that their text encodes to', () => {
    const prompts = textPrompts({ ...base, form });
    expect(prompts.map(({ ids }) => ids.length)).toEqual(prompts.map(() => 64));
    for (const { ids, text } of prompts) {
      expect(tokenizer.encode(text)).toEqual(ids);
      expect(text.startsWith(`sys${END}user: `)).toBe(true);
      expect(text.endsWith(`${END}model:`)).toBe(true);
      // Special tokens are themselves, and stand where the template writes them.
      expect(ids.filter((id) => id === 0)).toHaveLength(2);
    }
    expect(new Set(prompts.map(({ text }) => text)).size).toBe(16);
    expect(textPrompts({ ...base, form, count: 4 })).toEqual(prompts.slice(0, 4));
  });

  it('draws ragged lengths for what the template leaves', () => {
    const inputTokens = own + 8;
    const ragged = textPrompts({ ...base, form, lengths: 'ragged', inputTokens, count: 32 });
    const lengths = ragged.map(({ ids }) => ids.length);
    expect(Math.min(...lengths)).toBe(own + 2);
    expect(Math.max(...lengths)).toBe(inputTokens);
  });

  it('refuses a prompt without room for its text', () => {
    expect(() => textPrompts({ ...base, form, inputTokens: own })).toThrow(
      `a prompt of ${own} tokens has none for its text: the chat template takes ${own}`,
    );
  });

  it('says why there is none', () => {
    const none = loadChatTemplate(testHost().files, '/m');
    expect(chatForm(tokenizer, none)).toEqual(none);
    expect(chatForm(testTokenizer('unigram'), templateOf(TEMPLATE))).toMatchObject({
      kind: 'missing',
      reason: { en: expect.stringContaining('does not read the special tokens') as string },
    });
    expect(() => chatForm(tokenizer, templateOf("{{ raise_exception('a system message first') }}"))).toThrow(
      'a system message first',
    );
  });
});

describe('textForm', () => {
  it('puts the begin-of-text token before the text, and leaves ragged prompts at least one token of it', () => {
    const form = textForm({ ...tokenizer, prefixTokens: [0] });
    expect(form.promptOf('速い')).toEqual({ ids: [0, ...tokenizer.encode('速い')], text: '速い' });
    const short = textPrompts({ ...base, form, lengths: 'ragged', inputTokens: 4, count: 24 });
    expect(Math.min(...short.map(({ ids }) => ids.length))).toBe(2);
    expect(() => textPrompts({ ...base, form, inputTokens: 1 })).toThrow('the begin-of-text token takes 1');
  });
});
