/** `hayasa report DIR1 DIR2 ...`: the copied folders of several machines as one report, in a folder of its own. */
import { join, resolve } from 'node:path';
import type { Host } from '../host/host.ts';
import { runFolder } from '../journal/run-folder.ts';
import { contentHash } from '../kernel/canonical.ts';
import type { Language } from '../kernel/language.ts';
import { mergedFiles, mergedTerminal } from '../report/formats/merged.ts';
import { buildMergedReport } from '../report/merged/build.ts';
import { reportInput } from './reports.ts';
import type { Terminal } from './ui/terminal.ts';

export interface MergeOptions {
  readonly json: boolean;
  /** Folder to write to; by default `runs/merged-<hash of the runs>`. */
  readonly out: string | undefined;
  readonly language: Language | undefined;
}

/**
 * Writes `report.md`, `report.json` and the device figure, and prints the report (or the JSON).
 * @returns the number of failures that it names, over all machines
 * @throws HayasaError as `reportInput` and `buildMergedReport`
 */
export async function writeMergedReport(
  host: Host,
  terminal: Terminal,
  names: readonly string[],
  { json, out, language }: MergeOptions,
): Promise<number> {
  const { currentFolder } = host.system;
  const report = buildMergedReport(
    names.map((name) => ({
      ...reportInput(host, runFolder(resolve(currentFolder, name))),
      ...(language === undefined ? {} : { language }),
    })),
  );
  const runs = contentHash(report.machines.map(({ runId, began }) => [runId, began])).slice(0, 8);
  const folder = resolve(currentFolder, out ?? join('runs', `merged-${runs}`));
  for (const file of await mergedFiles(report, terminal.say)) {
    host.files.writeText(join(folder, file.name), file.text);
    if (json && file.name.endsWith('.json')) terminal.write(file.text);
  }
  const failures = report.machines.reduce((sum, machine) => sum + machine.failures.length, 0);
  if (json) return failures;
  const screen = { colour: terminal.colors.isColorSupported, width: terminal.columns };
  terminal.write(mergedTerminal(report, screen, terminal.say));
  const file = join(folder, 'report.md');
  terminal.write(terminal.say({ en: `\nWritten to ${file}\n`, ja: `\n${file} に書き込みました\n` }));
  return failures;
}
