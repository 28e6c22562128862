import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { overrideStudy } from './override.ts';

const text = `# kept
name: t
models: [tiny, {preset: open-calm-small}]
engines: [{id: sim}]
defaults: {device: cpu}
`;

describe('overrideStudy', () => {
  it('replaces every model, the device and the text, and keeps the rest with its comments', () => {
    const changed = overrideStudy(text, {
      model: { path: '/m: "odd"' },
      device: 'cuda:0',
      promptText: 'a.txt',
    });
    expect(changed).toContain('# kept');
    expect(parse(changed)).toEqual({
      name: 't',
      models: [{ path: '/m: "odd"' }],
      engines: [{ id: 'sim' }],
      defaults: {},
      axes: { device: 'cuda:0' },
      text: 'a.txt',
    });
  });

  it('takes out what names the models that were replaced, and puts the device into experiments', () => {
    const study = `${text}experiments:
  - {id: a, models: [tiny], axes: {device: [cpu, 'cuda:0'], batch: 2}, excludes: [{model: tiny}, {batch: 2}]}
priority: [{model: tiny, batch: 1}]
claims:
  - {id: of-models, kind: ratio, of: {model: tiny}, to: {model: open-calm-small}}
  - {id: of-engines, kind: ratio, of: {engine: sim}, to: {engine: sim}}
`;
    expect(parse(overrideStudy(study, { model: { path: '/m' }, device: 'cuda:0' }))).toMatchObject({
      models: [{ path: '/m' }],
      experiments: [{ id: 'a', axes: { device: 'cuda:0', batch: 2 }, excludes: [{ batch: 2 }] }],
      priority: [{ batch: 1 }],
      claims: [{ id: 'of-engines' }],
    });
  });

  it('takes out claims about other devices: the study of 2023 could not be asked for one device alone', () => {
    const study = `${text}claims:
  - {id: between, kind: ratio, of: {device: 'cuda:0'}, to: {device: cpu}}
  - {id: of-others, kind: capability, for: {engine: sim, device: [cpu, 'cuda:1']}}
  - {id: of-it, kind: capability, for: {engine: sim, device: [cpu, 'cuda:0']}}
  - {id: of-any, kind: ratio, device: gpu, of: {engine: sim}, to: {engine: sim}}
`;
    const ids = (device: string): unknown[] =>
      (parse(overrideStudy(study, { device })) as { claims: { id: string }[] }).claims.map(({ id }) => id);
    expect(ids('cuda:0')).toEqual(['of-it', 'of-any']);
    expect(ids('cpu')).toEqual(['of-others', 'of-it', 'of-any']);
  });

  it('gives back the text itself where nothing is replaced, or where the parser has to complain', () => {
    expect(overrideStudy(text, {})).toBe(text);
    for (const wrong of ['', '- a\n', 'name: [', 'name: a\nname: b\n']) {
      expect(overrideStudy(wrong, { device: 'cpu' })).toBe(wrong);
    }
  });
});
