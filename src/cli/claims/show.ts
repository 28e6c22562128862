/** Verdicts of a run's claims on the screen, and against a file of what was expected. */
import { basename, resolve } from 'node:path';
import type { Host } from '../../host/host.ts';
import type { RunFolder } from '../../journal/run-folder.ts';
import { HayasaError } from '../../kernel/errors.ts';
import { englishOnly } from '../../kernel/language.ts';
import { buildReport } from '../../report/build.ts';
import { claimsMarkdown, claimsTerminal } from '../../report/formats/claims-section.ts';
import { reportInput } from '../reports.ts';
import type { Terminal } from '../ui/terminal.ts';
import { changedVerdicts, readExpected } from './expected.ts';

export interface ShowOptions {
  readonly form: 'terminal' | 'markdown' | 'json';
  /** File of expected verdicts. */
  readonly expect: string | undefined;
}

/**
 * Prints the verdicts, and then each that is another than expected.
 * @returns ids of claims whose verdict is another than expected
 * @throws HayasaError `claims/none` for a study without claims; ProblemsError for a bad file of expected verdicts
 */
export function showClaims(
  host: Host,
  terminal: Terminal,
  folder: RunFolder,
  { form, expect }: ShowOptions,
): { readonly changed: readonly string[] } {
  const { claims } = buildReport(reportInput(host, folder));
  if (claims === undefined) {
    throw new HayasaError({
      code: 'claims/none',
      message: {
        en: `the study of ${folder.folder} makes no claims`,
        ja: `${folder.folder} のスタディに主張がありません`,
      },
      hint: {
        en: 'claims stand in the study file, see docs/study-format.md',
        ja: '主張はスタディファイルに書きます。docs/study-format.md を見てください',
      },
    });
  }
  const path = expect === undefined ? undefined : resolve(host.system.currentFolder, expect);
  const changes =
    path === undefined
      ? []
      : changedVerdicts(
          claims.verdicts,
          readExpected(host.files.readText(path), basename(path), claims.verdicts),
        );
  switch (form) {
    case 'json':
      terminal.write(`${JSON.stringify({ ...claims, changed: changes }, englishOnly, 2)}\n`);
      break;
    case 'markdown':
      terminal.write(`${claimsMarkdown(claims, terminal.say).join('\n\n')}\n`);
      break;
    case 'terminal':
      terminal.write(
        claimsTerminal(
          claims,
          { colour: terminal.colors.isColorSupported, width: terminal.columns },
          terminal.say,
        ),
      );
      break;
  }
  if (form !== 'json') {
    for (const { id, expected, found } of changes)
      terminal.write(
        terminal.say({
          en: `${id}: expected ${expected}, found ${found}\n`,
          ja: `${id}: 期待 ${expected}、結果 ${found}\n`,
        }),
      );
  }
  return { changed: changes.map(({ id }) => id) };
}
