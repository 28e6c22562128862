/** `hayasa record DIR`: a run as a result of record, to be kept beside the code, and the check that it can be made again. */
import { relative, resolve } from 'node:path';
import { runFolder } from '../../journal/run-folder.ts';
import { EXIT, type Problem, ProblemsError } from '../../kernel/errors.ts';
import type { Say } from '../../kernel/language.ts';
import { defineCommand } from '../command.ts';
import { flag, json, text } from '../options.ts';
import { unpackRecord } from '../record/unpack.ts';
import type { WrittenRecord } from '../record/write.ts';
import { formatBytes } from '../ui/numbers.ts';

export const recordCommand = defineCommand({
  name: 'record',
  summary: {
    en: 'keep a run as a result of record, or check one',
    ja: '実行を記録として残す、または記録を検査する',
  },
  description: {
    en: 'Writes a folder to be kept beside the code: the journal compressed, study and conditions, the report with its figures as Markdown, JSON and CSV, and reading.md, one page of what the run says. Paths, host name and user name of the machine are taken out.\nThe same run, longer by now, is recorded over itself. Of a result of record the report and the reading are made again from its journal.\nWith --check nothing is written: every file is made again and compared, byte for byte; the exit code is 10 where one differs.\nWith --unpack a result of record becomes the folder of a run again: on the same machine, with the same versions, hayasa run goes on with it (--out DIR).',
    ja: 'コードのそばに置くフォルダーを書き出します。圧縮したジャーナル、スタディと条件、図を含むレポート（Markdown、JSON、CSV）、そして実行の要点を 1 ページにまとめた reading.md です。マシンのパス、ホスト名、ユーザー名は取り除きます。\n同じ実行が先へ進んだら、同じフォルダーに上書きします。記録のフォルダーを指定すると、レポートと reading.md をそのジャーナルから作り直します。\n--check では何も書かず、すべてのファイルを作り直してバイト単位で比べます。違うものがあれば終了コードは 10 です。\n--unpack は記録を実行フォルダーに戻します。同じマシンと同じバージョンなら、hayasa run がその続きを測ります（--out DIR）。',
  },
  arguments: [
    {
      name: 'DIR',
      summary: {
        en: 'the folder of a run, or a result of record',
        ja: '実行のフォルダー、または記録のフォルダー',
      },
      required: true,
    },
  ],
  options: {
    out: text('DIR', {
      en: 'folder to write; by default results/<year>-<processor>',
      ja: '書き出すフォルダー。既定は results/<年>-<プロセッサー>',
    }),
    check: flag({
      en: 'compare the files of a result of record with what its journal gives',
      ja: '記録のファイルを、そのジャーナルから作り直したものと比べる',
    }),
    unpack: text('DIR', {
      en: 'write a result of record as the folder of a run there, to go on with',
      ja: '記録を実行フォルダーとしてここに書き出し、続きを測れるようにする',
    }),
    json,
  },
  examples: [
    {
      line: 'hayasa record runs/japanese-llm-2023-0123abcd',
      comment: { en: 'into results/2026-<processor>', ja: 'results/2026-<プロセッサー> へ' },
    },
    {
      line: 'hayasa record results/2026-intel-xeon --check',
      comment: {
        en: 'does its journal still give its files?',
        ja: 'ジャーナルから今も同じファイルができるか',
      },
    },
    {
      line: 'hayasa record results/2026-intel-xeon --unpack runs/more',
      comment: {
        en: 'to measure more: then hayasa run STUDY --out runs/more, and record it again',
        ja: '続きを測るには: このあと hayasa run STUDY --out runs/more、そして改めて記録',
      },
    },
  ],
  run: async ({ host, terminal }, options, [name = '']) => {
    const folder = runFolder(resolve(host.system.currentFolder, name));
    refuseTogether(options);
    if (options.unpack !== undefined) {
      const unpacked = unpackRecord(host, folder, options.unpack);
      const place = relative(host.system.currentFolder, unpacked) || '.';
      terminal.write(
        options.json
          ? `${JSON.stringify({ folder: unpacked })}\n`
          : terminal.say({
              en: `${place} is the folder of a run: hayasa run STUDY --out ${place} goes on with it\n`,
              ja: `${place} は実行フォルダーになりました。hayasa run STUDY --out ${place} で続けられます\n`,
            }),
      );
      return EXIT.ok;
    }
    // Loaded late: charts and tables would double the start-up time of every command.
    const { checkRecord, writeRecord } = await import('../record/write.ts');
    if (options.check) {
      const different = await checkRecord(host, folder);
      terminal.write(
        options.json ? `${JSON.stringify({ different })}\n` : checkText(different, terminal.say),
      );
      return different.length > 0 ? EXIT.regression : EXIT.ok;
    }
    const written = await writeRecord(host, folder, options.out);
    terminal.write(
      options.json
        ? `${JSON.stringify(written)}\n`
        : writtenText(written, host.system.currentFolder, terminal.say),
    );
    return EXIT.ok;
  },
});

/** One of writing, checking and unpacking. @throws ProblemsError */
function refuseTogether(options: {
  readonly out: string | undefined;
  readonly check: boolean;
  readonly unpack: string | undefined;
}): void {
  const problems: Problem[] = [];
  if (options.check && options.out !== undefined) {
    problems.push({
      path: '--out',
      message: { en: 'writes, and --check does not', ja: '書き出しますが、--check は書き出しません' },
    });
  }
  if (options.unpack !== undefined && (options.check || options.out !== undefined)) {
    problems.push({
      path: '--unpack',
      message: {
        en: `writes the folder of a run, and ${options.check ? '--check compares' : '--out takes a result of record'}`,
        ja: `実行フォルダーを書き出します。${options.check ? '--check は比べるだけ' : '--out は記録の書き出し先'}です`,
      },
    });
  }
  if (problems.length > 0) throw new ProblemsError('hayasa record', problems);
}

const checkText = (different: readonly string[], say: Say): string =>
  different.length === 0
    ? say({
        en: 'Every file is what the journal gives.\n',
        ja: 'すべてのファイルがジャーナルから作ったものと同じです。\n',
      })
    : say({
        en: `Different from what the journal gives: ${different.join(', ')}\n`,
        ja: `ジャーナルから作ったものと違うファイル: ${different.join(', ')}\n`,
      });

function writtenText({ folder, files }: WrittenRecord, currentFolder: string, say: Say): string {
  const total = formatBytes(files.reduce((sum, { bytes }) => sum + bytes, 0));
  const place = relative(currentFolder, folder) || '.';
  return say({
    en: `${files.length} files, ${total}, in ${place}; read reading.md first\n`,
    ja: `${place} に ${files.length} ファイル（${total}）。まず reading.md をお読みください\n`,
  });
}
