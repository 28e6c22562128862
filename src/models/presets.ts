/**
 * Model shapes that can be measured without a download: the four of the 2023 study, exactly, current small ones (see
 * family-presets.ts), the smallest OPT (FastGen knows it), and one for tests.
 * Source of the shapes and of the published dtype: each model's config.json on the Hugging Face hub (`hubName`).
 */
import { closest, distance } from 'fastest-levenshtein';
import { HayasaError } from '../kernel/errors.ts';
import type { Words } from '../kernel/language.ts';
import { FAMILY_PRESETS } from './family-presets.ts';
import { OPT_PRESET } from './opt-preset.ts';
import type { ModelShape } from './shape.ts';

export interface Preset {
  /** Short name, as used in studies and on the command line. */
  readonly id: string;
  /** Owner and name on the Hugging Face hub; undefined where nothing was ever published. */
  readonly hubName: string | undefined;
  /** Dtype of the published weights; a synthetic checkpoint may have another. */
  readonly publishedDtype: 'float32' | 'float16' | 'bfloat16' | undefined;
  /** Where the shape comes from. */
  readonly source: string;
  /** One line for tables. */
  readonly summary: Words;
  readonly shape: ModelShape;
}

interface Sizes {
  readonly hidden: number;
  readonly layers: number;
  readonly heads: number;
  readonly feedForward: number;
  readonly vocabulary: number;
  readonly positions: number;
  readonly bos: number;
  readonly eos: number;
}

/** What the four published models have in common. */
const neox = (sizes: Sizes): ModelShape => ({
  architecture: 'gpt-neox',
  hiddenSize: sizes.hidden,
  layerCount: sizes.layers,
  headCount: sizes.heads,
  kvHeadCount: sizes.heads,
  headSize: sizes.hidden / sizes.heads,
  feedForwardSize: sizes.feedForward,
  vocabularySize: sizes.vocabulary,
  maximumPositions: sizes.positions,
  rotary: { dimensions: sizes.hidden / sizes.heads, base: 10000 },
  normEpsilon: 1e-5,
  residual: 'sequential',
  activation: 'gelu-erf',
  tiedEmbeddings: false,
  bosTokenId: sizes.bos,
  eosTokenId: sizes.eos,
});

/** Without the owner. */
const shortName = (hubName: string): string => hubName.slice(hubName.indexOf('/') + 1);

const published = (
  hubName: string,
  publishedDtype: 'float32' | 'float16',
  summary: Words,
  sizes: Sizes,
): Preset => ({
  id: shortName(hubName),
  hubName,
  publishedDtype,
  source: `config.json of ${hubName} on the Hugging Face hub`,
  summary,
  shape: neox(sizes),
});

export const PRESETS: readonly Preset[] = [
  published(
    'cyberagent/open-calm-small',
    'float16',
    {
      en: 'Japanese, 165 million parameters, byte-level BPE',
      ja: '日本語、1.65 億パラメーター、バイト単位の BPE',
    },
    {
      hidden: 768,
      layers: 12,
      heads: 12,
      feedForward: 3072,
      vocabulary: 52096,
      positions: 2048,
      bos: 0,
      eos: 0,
    },
  ),
  published(
    'cyberagent/open-calm-1b',
    'float16',
    {
      en: 'Japanese, 1.4 billion parameters, byte-level BPE',
      ja: '日本語、14 億パラメーター、バイト単位の BPE',
    },
    {
      hidden: 2048,
      layers: 24,
      heads: 16,
      feedForward: 8192,
      vocabulary: 52096,
      positions: 2048,
      bos: 0,
      eos: 0,
    },
  ),
  published(
    'rinna/japanese-gpt-neox-small',
    'float32',
    { en: 'Japanese, 153 million parameters, unigram', ja: '日本語、1.53 億パラメーター、unigram' },
    {
      hidden: 768,
      layers: 12,
      heads: 12,
      feedForward: 3072,
      vocabulary: 44416,
      positions: 2048,
      bos: 2,
      eos: 3,
    },
  ),
  published(
    'rinna/japanese-gpt-neox-3.6b',
    'float16',
    { en: 'Japanese, 3.6 billion parameters, unigram', ja: '日本語、36 億パラメーター、unigram' },
    {
      hidden: 2816,
      layers: 36,
      heads: 22,
      feedForward: 11264,
      vocabulary: 32000,
      positions: 2048,
      bos: 2,
      eos: 3,
    },
  ),
  ...FAMILY_PRESETS.map((preset) => ({ ...preset, id: shortName(preset.hubName) })),
  { ...OPT_PRESET, id: shortName(OPT_PRESET.hubName) },
  {
    id: 'tiny',
    hubName: undefined,
    publishedDtype: undefined,
    source: 'made up for tests: small enough for the slow reference, head size that every engine accepts',
    summary: { en: 'for tests: 2 layers, 512 tokens', ja: 'テスト用: 2 層、512 トークン' },
    shape: neox({
      hidden: 64,
      layers: 2,
      heads: 2,
      feedForward: 256,
      vocabulary: 512,
      positions: 256,
      bos: 0,
      eos: 0,
    }),
  },
];

/** The preset called `id` (its short name, or its name on the hub), or undefined. */
export function findPreset(id: string): Preset | undefined {
  return PRESETS.find((preset) => preset.id === id || preset.hubName === id);
}

/** The preset called `id`. @throws HayasaError `model/unknown-preset` with the nearest name */
export function presetOf(id: string): Preset {
  const found = findPreset(id);
  if (found !== undefined) return found;
  const names = PRESETS.map((preset) => preset.id);
  const nearest = closest(id.slice(0, 100), names);
  throw new HayasaError({
    code: 'model/unknown-preset',
    message: {
      en: `unknown model preset ${JSON.stringify(id)}`,
      ja: `未知のモデルプリセット ${JSON.stringify(id)}`,
    },
    hint: {
      en: `${distance(id.slice(0, 100), nearest) <= 4 ? `did you mean ${nearest}? ` : ''}presets: ${names.join(', ')}`,
      ja: `${distance(id.slice(0, 100), nearest) <= 4 ? `もしかして ${nearest} ですか? ` : ''}プリセット: ${names.join(', ')}`,
    },
  });
}

/**
 * `preset` with its first `layers` layers only, under a name that says so: what a smaller distilled model would cost,
 * quality not measured. All layers: the preset itself.
 * @throws RangeError outside 1 to the preset's layers
 */
export function withLayers(preset: Preset, layers: number | undefined): Preset {
  const { shape } = preset;
  if (layers === undefined || layers === shape.layerCount) return preset;
  if (layers < 1 || layers > shape.layerCount) {
    throw new RangeError(`${preset.id} has ${shape.layerCount} layers, not ${layers}`);
  }
  const { window, ...rest } = shape;
  return {
    ...preset,
    id: `${preset.id}-${layers}-layers`,
    hubName: undefined,
    publishedDtype: undefined,
    summary: {
      en: `${preset.summary.en}; ${layers} of its ${shape.layerCount} layers`,
      ja: `${preset.summary.ja}。${shape.layerCount} 層のうち ${layers} 層`,
    },
    shape: {
      ...rest,
      layerCount: layers,
      ...(window === undefined
        ? {}
        : { window: { ...window, layers: window.layers.filter((layer) => layer < layers) } }),
    },
  };
}
