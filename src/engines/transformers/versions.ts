/** Version sets of Transformers other than the first. */
import type { VersionDifferences } from '../declaration.ts';
import { transformersOptions } from './options.ts';
import { transformersPrecisions } from './precisions.ts';

const WITHOUT_BITSANDBYTES = new Set(['fp32', 'fp16', 'bf16']);

export const transformersVersions: Readonly<Record<string, VersionDifferences>> = {
  '4.33': {
    summary:
      'as in September 2023: transformers 4.33.3, accelerate 0.23.0 and their tokenizers, on torch 2.13.0, because no CPU build of torch of 2023 is on PyPI. Eager attention alone; no compiled generation, no continuous batching, no offloading, no depth (its generate would cut the prompt after a filled cache to one token), no bitsandbytes (0.41 of that time needs a GPU); GPT-NeoX only',
    precisions: transformersPrecisions
      .filter(({ name }) => WITHOUT_BITSANDBYTES.has(name))
      .map((support) => ({
        ...support,
        effective: { ...support.effective, kvCache: 'float32' },
        note: `${support.note}; keys and values are float32 whatever the weights: its rotary tables are, and nothing casts back`,
      })),
    capabilities: { architectures: ['gpt-neox'], continuousBatching: false, depth: false },
    lacks: ({ options }) => {
      const { attention, compile, offload } = transformersOptions.parse(options);
      if (attention !== 'eager') return 'Transformers 4.33 has eager attention alone: write attention: eager';
      if (offload !== 'none') return 'offload is not wired up for Transformers 4.33';
      return compile ? 'generate of Transformers 4.33 compiles nothing' : undefined;
    },
    plainOptions: { attention: 'eager' },
  },
};
