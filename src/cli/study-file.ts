/** The study that a command line names: a file, a file with its model or device replaced, or a model alone. */
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Host } from '../host/host.ts';
import { HayasaError } from '../kernel/errors.ts';
import { hubIdText } from '../models/hub-id.ts';
import { type ModelEntry, overrideStudy } from '../study/override.ts';
import { lastPart } from '../study/parse.ts';
import { type NamedModel, namedModel } from './model-argument.ts';
import { text } from './options.ts';

/** The argument of commands that take a study. */
export const studyArgument = {
  name: 'STUDY',
  summary: {
    en: 'a study file (YAML); with --model it may be left out',
    ja: 'スタディファイル（YAML）。--model があれば省ける',
  },
  required: false,
} as const;

/** Options that replace parts of a study. */
export const studyOptions = {
  model: text('MODEL', {
    en: "a preset, a folder with config.json and safetensors, a GGUF file, or a model of the hub (owner/name), in the place of the study's models; without STUDY: the engines and precisions that fit it",
    ja: 'スタディのモデルの代わりに使う、プリセット、config.json と safetensors のフォルダー、GGUF ファイル、またはハブのモデル（owner/name）。STUDY がなければ、それに合うエンジンと精度',
  }),
  device: text('DEVICE', {
    en: "the device, in the place of the study's: cpu, cuda:0; claims about other devices are left out",
    ja: 'スタディの装置の代わりに使う装置: cpu、cuda:0。ほかの装置についての主張は省かれる',
  }),
  text: text('FILE', {
    en: "a UTF-8 text that prompts are cut from, in the place of the study's",
    ja: 'スタディの文章の代わりに、プロンプトを切り出す UTF-8 の文章',
  }),
};

export interface StudyOptionValues {
  readonly model: string | undefined;
  readonly device: string | undefined;
  readonly text?: string | undefined;
}

export interface StudyText {
  readonly studyText: string;
  /** For messages. */
  readonly studyName: string;
}

/** A hundred times the longest study that ships; a model file named by mistake is far beyond it. */
const MAXIMUM_STUDY_BYTES = 4 * 2 ** 20;

/** @throws HayasaError `study/none`, `study/too-large`, `file/missing`, `file/not-readable`, `file/not-a-file`, `model/not-found` */
export function readStudy(
  host: Host,
  file: string | undefined,
  { model, device, text: promptText }: StudyOptionValues,
): StudyText {
  const { files, system } = host;
  const named = model === undefined ? undefined : namedModel(host, model);
  if (file !== undefined) {
    const studyText = readLimited(host, resolve(system.currentFolder, file));
    const replaced = { model: named === undefined ? undefined : entryOf(named), device, promptText };
    return { studyText: overrideStudy(studyText, replaced), studyName: basename(file) };
  }
  if (named === undefined) {
    throw new HayasaError({
      code: 'study/none',
      message: { en: 'no study', ja: 'スタディがありません' },
      hint: {
        en: 'name a study file (studies/quickstart.yaml), or a model with --model',
        ja: 'スタディファイル（studies/quickstart.yaml）を指定するか、--model でモデルを指定してください',
      },
    });
  }
  const own = named.kind === 'file' ? 'one-file.yaml' : 'one-model.yaml';
  return {
    studyText: overrideStudy(files.readText(ownStudy(own)), {
      name: nameOf(named),
      model: entryOf(named),
      device,
      promptText,
    }),
    studyName: own,
  };
}

function readLimited({ files }: Pick<Host, 'files'>, path: string): string {
  const bytes = files.size(path) ?? 0;
  if (bytes <= MAXIMUM_STUDY_BYTES) return files.readText(path);
  throw new HayasaError({
    code: 'study/too-large',
    message: {
      en: `${path}: ${bytes} bytes, and a study file has at most ${MAXIMUM_STUDY_BYTES}`,
      ja: `${path}: ${bytes} バイトあります。スタディファイルは ${MAXIMUM_STUDY_BYTES} バイトまでです`,
    },
    hint: {
      en: 'name a study file (YAML); a model is named with --model',
      ja: 'スタディファイル（YAML）を指定してください。モデルは --model で指定します',
    },
  });
}

function entryOf(named: NamedModel): ModelEntry {
  switch (named.kind) {
    case 'preset':
      return { preset: named.preset.id };
    case 'hub':
      return { hub: hubIdText(named.id) };
    case 'file':
    case 'folder':
      return { path: named.path };
  }
}

/** Names of runs keep to letters, digits, dots and dashes; whatever else a path holds becomes a dash. */
function nameOf(named: NamedModel): string {
  const name =
    named.kind === 'preset' ? named.preset.id : lastPart(named.kind === 'hub' ? named.id.name : named.path);
  return (
    name
      .replaceAll(/[^\p{L}\p{N}._-]/gu, '-')
      .replace(/^[._-]+/, '')
      .slice(0, 100) || 'model'
  );
}

/** A study file of the package. Sources lie two folders below it, compiled code three. */
function ownStudy(name: string): string {
  const above = import.meta.url.endsWith('.ts') ? '../../studies' : '../../../studies';
  return fileURLToPath(new URL(`${above}/${name}`, import.meta.url));
}
