import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { testHost } from '../host/test-host.ts';
import { presentValue } from '../kernel/maybe.ts';
import { type FixtureValue, ggufBytes } from '../models/checkpoint/gguf-fixture.ts';
import { type ChatMessage, loadChatTemplate } from './chat-template.ts';
import { testTokenizerFolder } from './test-tokenizers.ts';

interface Case {
  readonly name: string;
  readonly template: string;
  readonly messages: readonly ChatMessage[];
  readonly rendered?: string;
  readonly raises?: string;
}

const cases = JSON.parse(readFileSync(testTokenizerFolder('chat.json'), 'utf8')) as readonly Case[];
const specials = { bos_token: { content: '<s>' }, eos_token: '</s>' };
const load = (files: Readonly<Record<string, string>>) => loadChatTemplate(testHost({ files }).files, '/m');
const configOf = (chat_template: unknown) => ({
  '/m/tokenizer_config.json': JSON.stringify({ ...specials, chat_template }),
});

describe('loadChatTemplate', () => {
  it.each(cases)('renders $name as Transformers does', ({ template, messages, rendered, raises }) => {
    const loaded = presentValue(load(configOf(template)));
    if (raises === undefined) expect(loaded?.render(messages)).toBe(rendered);
    else expect(() => loaded?.render(messages)).toThrow(`the chat template of /m: ${raises}`);
  });

  it('takes chat_template.jinja first, and the default of several', () => {
    const several = [
      { name: 'tool_use', template: 'no' },
      { name: 'default', template: 'yes' },
    ];
    expect(presentValue(load(configOf(several)))?.render([])).toBe('yes');
    const both = { ...configOf('config'), '/m/chat_template.jinja': 'file' };
    expect(presentValue(load(both))?.render([])).toBe('file');
  });

  it('is found in a GGUF file, with its special tokens', () => {
    const load = (metadata: Readonly<Record<string, FixtureValue>>) =>
      loadChatTemplate(
        testHost({ files: { '/m.gguf': ggufBytes({ metadata, tensors: [], dataBytes: 0 }) } }).files,
        '/m.gguf',
      );
    const metadata = {
      'tokenizer.chat_template': { text: '{{ bos_token }}{{ messages[0].content }}' },
      'tokenizer.ggml.tokens': { texts: ['a', '<s>'] },
      'tokenizer.ggml.bos_token_id': { u32: 1 },
    };
    expect(presentValue(load(metadata))?.render([{ role: 'user', content: '速さ' }])).toBe('<s>速さ');
    expect(load({})).toMatchObject({ kind: 'missing' });
  });

  it('says why there is none, and refuses what is no template', () => {
    expect(load({})).toMatchObject({ kind: 'missing' });
    expect(load(configOf([{ name: 'other', template: 'x' }]))).toMatchObject({ kind: 'missing' });
    expect(() => load(configOf('{% for %}'))).toThrow(/^the chat template of \/m: /);
  });
});
