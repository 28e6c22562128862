import { describe, expect, it } from 'vitest';
import { allCommands } from '../cli/commands.ts';
import { DIALECTS } from '../dialects/registry.ts';
import { realHost } from '../host/real-host.ts';
import { METRICS } from '../metrics/registry.ts';
import { generatedFiles } from './documents.ts';
import { allowedText, schemaRows } from './schema-rows.ts';

const { files } = realHost();
const root = new URL('../../', import.meta.url).pathname;
const quickstart = files.readText(`${root}studies/quickstart.yaml`);
const commands = await allCommands();
const generated = new Map(generatedFiles(quickstart, commands).map(({ path, text }) => [path, text]));

describe('generated files', () => {
  it('publish the JSON schema that the parser uses (else: npm run docs)', () => {
    const path = 'schemas/study.schema.json';
    expect(files.readText(`${root}${path}`)).toBe(generated.get(path));
  });

  it('name every metric, every engine and every axis', () => {
    const metrics = generated.get('docs/metrics.md') ?? '';
    for (const { id } of METRICS) expect(metrics).toContain(`\`${id}\``);
    const dialects = generated.get('docs/dialects.md') ?? '';
    for (const { name } of DIALECTS.flatMap((dialect) => dialect.metrics))
      expect(dialects).toContain(`\`${name}\``);
    expect(generated.get('docs/engines.md')).toContain('(`sim`)');
    expect(generated.get('docs/study-format.md')).toContain('| `promptLengths` |');
    expect(generated.get('docs/commands.md')).toContain('## Exit codes');
  });

  it('hold no table row that is broken by a bar or a line break', () => {
    for (const text of generated.values()) {
      const widths = text
        .split('\n')
        .filter((line) => /^\| /.test(line))
        .map((line) => line.replace(/\\\|/g, '').trimEnd().endsWith('|'));
      expect(widths.every(Boolean)).toBe(true);
    }
  });

  it('are the same each time', () => {
    expect(new Map(generatedFiles(quickstart, commands).map(({ path, text }) => [path, text]))).toEqual(
      generated,
    );
  });
});

describe('schemaRows', () => {
  it('says in words what a field may be', () => {
    expect(
      schemaRows({
        properties: {
          a: { type: 'integer', minimum: 1, maximum: 9, default: 3, description: 'A.' },
          b: { anyOf: [{ enum: ['x', 'y'] }, { type: 'array', items: { type: 'string' } }] },
        },
        required: ['a', 'b'],
      }),
    ).toEqual([
      ['`a`', 'whole number from 1 to 9', '`3`', 'A.'],
      ['`b`', '`x`, `y` or list of text', 'required', ''],
    ]);
    expect(allowedText({ type: 'boolean' })).toBe('`true`, `false`');
  });
});
