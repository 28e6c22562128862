import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ENGINE_DECLARATIONS } from '../engines/declarations.ts';
import { realHost } from '../host/real-host.ts';
import { testHost } from '../host/test-host.ts';
import { PRESETS } from '../models/presets.ts';
import { parseStudyOrThrow } from '../study/parse.ts';
import { readStudy } from './study-file.ts';

const host = realHost();
const vocabulary = { engines: ENGINE_DECLARATIONS, presets: PRESETS.map(({ id }) => id), metrics: [] };
const studyOf = (file: string | undefined, model?: string, device?: string) => {
  const { studyText, studyName } = readStudy(host, file, { model, device });
  return parseStudyOrThrow(studyText, vocabulary, studyName);
};

describe('readStudy', () => {
  it('makes a study of a model alone, named after it', () => {
    const { name, models, engines } = studyOf(undefined, 'open-calm-1b');
    expect([name, models[0]?.name]).toEqual(['open-calm-1b', 'open-calm-1b']);
    expect(engines.map(({ id }) => id)).toEqual(['onnxruntime', 'llama-cpp']);
  });

  it('takes files as they are stored', () => {
    const { name, engines } = studyOf(undefined, 'package.json');
    expect(name).toBe('package.json');
    expect(engines.every(({ precisions }) => precisions[0] === 'file')).toBe(true);
  });

  it('puts a text in the place of the study’s', () => {
    const named = { model: undefined, device: undefined, text: 'a.txt' };
    const { studyText } = readStudy(host, 'studies/quickstart.yaml', named);
    expect(parse(studyText)).toHaveProperty('text', 'a.txt');
  });

  it('puts model and device in the place of those of a file', () => {
    const study = studyOf('studies/quickstart.yaml', 'src', 'cuda:0');
    expect(study.models).toEqual([{ kind: 'path', name: 'src', path: `${process.cwd()}/src` }]);
    expect(study.axes.device).toEqual(['cuda:0']);
    expect(study.name).toBe('quickstart');
  });

  it('refuses what is no study file by its size or its kind: /dev/zero was read for ever', () => {
    const files = { '/big.yaml': 'x'.repeat(4 * 2 ** 20 + 1), '/fits.yaml': '#'.repeat(4 * 2 ** 20) };
    const read = (path: string) => () =>
      readStudy(testHost({ files }), path, { model: undefined, device: undefined });
    expect(read('/big.yaml')).toThrow('/big.yaml: 4194305 bytes, and a study file has at most 4194304');
    expect(read('/fits.yaml')).not.toThrow();
    if (host.files.kind('/dev/zero') !== 'other') return;
    expect(() => studyOf('/dev/zero')).toThrow('/dev/zero: is no regular file');
  });

  it('says what to name where nothing is named, and knows what is no model', () => {
    expect(() => readStudy(host, undefined, { model: undefined, device: undefined })).toThrow('no study');
    expect(() => studyOf(undefined, 'nowhere')).toThrow('neither a preset nor a file or folder');
    expect(
      parse(readStudy(host, 'studies/quickstart.yaml', { model: undefined, device: undefined }).studyText),
    ).toHaveProperty('name', 'quickstart');
  });
});
