/** Version sets of Transformers other than the first. */
import type { VersionDifferences } from '../declaration.ts';
import { transformersOptions } from './options.ts';
import { transformersPrecisions } from './precisions.ts';

const WITHOUT_BITSANDBYTES = new Set(['fp32', 'fp16', 'bf16']);

export const transformersVersions: Readonly<Record<string, VersionDifferences>> = {
  '4.33': {
    summary: {
      en: 'as in September 2023: transformers 4.33.3, accelerate 0.23.0 and their tokenizers, on torch 2.13.0, because no CPU build of torch of 2023 is on PyPI. Eager attention alone; no compiled generation, no continuous batching, no offloading, no depth (its generate would cut the prompt after a filled cache to one token), no bitsandbytes (0.41 of that time needs a GPU); GPT-NeoX only',
      ja: '2023 年 9 月の状態: transformers 4.33.3、accelerate 0.23.0 とそのトークナイザー。2023 年の torch の CPU ビルドが PyPI にないため torch 2.13.0 の上で。attention は eager だけ。コンパイルした生成、連続バッチ、オフロード、depth（その generate は満たしたキャッシュの後のプロンプトを 1 トークンに切る）、bitsandbytes（当時の 0.41 には GPU が必要）はなし。GPT-NeoX のみ',
    },
    precisions: transformersPrecisions
      .filter(({ name }) => WITHOUT_BITSANDBYTES.has(name))
      .map((support) => ({
        ...support,
        effective: { ...support.effective, kvCache: 'float32' },
        note: {
          en: `${support.note.en}; keys and values are float32 whatever the weights: its rotary tables are, and nothing casts back`,
          ja: `${support.note.ja}。キーとバリューは重みによらず float32: 回転の表がそうで、元に戻されない`,
        },
      })),
    capabilities: { architectures: ['gpt-neox'], continuousBatching: false, depth: false },
    lacks: ({ options }) => {
      const { attention, compile, offload } = transformersOptions.parse(options);
      if (attention !== 'eager')
        return {
          en: 'Transformers 4.33 has eager attention alone: write attention: eager',
          ja: 'Transformers 4.33 の attention は eager だけです: attention: eager と書いてください',
        };
      if (offload !== 'none')
        return {
          en: 'offload is not wired up for Transformers 4.33',
          ja: 'Transformers 4.33 の offload には対応していません',
        };
      return compile
        ? {
            en: 'generate of Transformers 4.33 compiles nothing',
            ja: 'Transformers 4.33 の generate は何もコンパイルしません',
          }
        : undefined;
    },
    plainOptions: { attention: 'eager' },
  },
};
