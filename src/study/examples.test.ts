import { describe, expect, it } from 'vitest';
import { withAbsentEngines } from '../engines/absent.ts';
import { ENGINE_DECLARATIONS } from '../engines/declarations.ts';
import { realHost } from '../host/real-host.ts';
import { METRICS } from '../metrics/registry.ts';
import { PRESETS } from '../models/presets.ts';
import { overrideStudy } from './override.ts';
import { parseStudy } from './parse.ts';

const { files } = realHost();
const folder = new URL('../../studies', import.meta.url).pathname;
const studies = files.list(folder).filter((file) => file.endsWith('.yaml'));
const vocabulary = {
  engines: withAbsentEngines(ENGINE_DECLARATIONS),
  presets: PRESETS.map(({ id }) => id),
  metrics: METRICS.map(({ id }) => id),
};

describe('the example studies', () => {
  it('include the one that npm start runs', () => {
    expect(studies).toContain('quickstart.yaml');
  });

  it.each(studies)('%s has no problem', (file) => {
    const parsed = parseStudy(files.readText(`${folder}/${file}`), vocabulary);
    expect(parsed.kind === 'problems' ? parsed.problems : []).toEqual([]);
    expect(parsed).toMatchObject({ study: { name: file.replace('.yaml', '') } });
  });
});

describe("the example studies for one model or device of one's own", () => {
  const overrides = [
    { device: 'cpu' },
    { device: 'cuda:0' },
    { model: { path: '/my-model' } },
    { model: { path: '/my-model' }, device: 'cuda:0', promptText: 'a.txt' },
  ];

  it.each(studies)('%s has no problem', (file) => {
    const text = files.readText(`${folder}/${file}`);
    for (const override of overrides) {
      const parsed = parseStudy(overrideStudy(text, override), vocabulary);
      expect(parsed.kind === 'problems' ? parsed.problems : [], JSON.stringify(override)).toEqual([]);
    }
  });
});

describe('studies shown in documents', () => {
  const root = new URL('../../', import.meta.url).pathname;

  it.each(['README.md', 'README.ja.md', 'docs/study-format.md'])(
    '%s shows studies that parse',
    (document) => {
      const blocks = [...files.readText(`${root}${document}`).matchAll(/```yaml\n(.*?)```/gs)].map(
        ([, yaml]) => yaml ?? '',
      );
      expect(blocks.length).toBeGreaterThan(0);
      for (const yaml of blocks) {
        const parsed = parseStudy(yaml, vocabulary);
        expect(parsed.kind === 'problems' ? parsed.problems : []).toEqual([]);
      }
    },
  );
});
