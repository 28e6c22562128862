/** What is checked in as a result of record is what its journal gives, in the locale and time zone of this machine. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { checkRecord } from '../../src/cli/record/write.ts';
import { realHost } from '../../src/host/real-host.ts';
import { runFolder } from '../../src/journal/run-folder.ts';

const RESULTS = fileURLToPath(new URL('../../results/', import.meta.url));
const folders = existsSync(RESULTS)
  ? readdirSync(RESULTS, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
  : [];

it('results of record are made again from their journals, byte for byte', async ({ skip }) => {
  skip(folders.length === 0, 'no result of record is checked in');
  const different = await Promise.all(
    folders.map(async (name) => ({
      name,
      different: await checkRecord(realHost(), runFolder(`${RESULTS}${name}`)),
    })),
  );
  // After a change of the report: `hayasa record results/<name>` makes its files again.
  expect(different).toEqual(folders.map((name) => ({ name, different: [] })));
});

it('regression: a result of record of a model given by an absolute path said that nothing was measured', ({
  skip,
}) => {
  skip(folders.length === 0, 'no result of record is checked in');
  for (const name of folders) {
    const report = readFileSync(`${RESULTS}${name}/report.md`, 'utf8');
    expect(report, name).not.toContain('Nothing was measured');
    expect(readFileSync(`${RESULTS}${name}/study.yaml`, 'utf8'), name).not.toContain('<path>');
  }
});
