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

  it('gives back the text itself where nothing is replaced, or where the parser has to complain', () => {
    expect(overrideStudy(text, {})).toBe(text);
    for (const wrong of ['', '- a\n', 'name: [', 'name: a\nname: b\n']) {
      expect(overrideStudy(wrong, { device: 'cpu' })).toBe(wrong);
    }
  });
});
