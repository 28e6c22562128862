/** What a reader sees, byte for byte, in any locale and time zone. */
import { describe, expect, it } from 'vitest';
import { buildReport } from '../src/report/build.ts';
import { FILE_FORMATS } from '../src/report/formats/registry.ts';
import { terminal } from '../src/report/formats/terminal.ts';
import type { ReportInput } from '../src/report/input.ts';
import { emptyRun, singleLaunch, wholeRun } from './fixtures/synthetic-report.ts';

const RUNS: readonly (readonly [string, () => ReportInput])[] = [
  ['whole-run', wholeRun],
  ['single-launch', singleLaunch],
  ['empty-run', emptyRun],
];

describe.each(RUNS)('report of %s', (name, input) => {
  it.each(FILE_FORMATS.map((format) => [format.id, format] as const))('as %s', async (_id, format) => {
    for (const file of await format.render(buildReport(input()))) {
      await expect(file.text).toMatchFileSnapshot(`golden/report/${name}/${file.name}`);
    }
  });

  it.each([
    ['wide', { colour: false, width: 260 }],
    ['narrow', { colour: false, width: 80 }],
    ['coloured', { colour: true, width: 260 }],
  ] as const)('on a %s screen', async (screenName, screen) => {
    await expect(terminal.render(buildReport(input()), screen)).toMatchFileSnapshot(
      `golden/report/${name}/terminal-${screenName}.txt`,
    );
  });

  it('is plain data: JSON leaves it as it is', () => {
    const report = buildReport(input());
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });
});
