/** Finds the cell that a reader means, and leads its values back to their sources. */

import { join, resolve } from 'node:path';
import { ENGINE_DECLARATIONS } from '../../engines/declarations.ts';
import type { Host } from '../../host/host.ts';
import { isRecord } from '../../journal/compressed.ts';
import { readRunInputs, runFolder } from '../../journal/run-folder.ts';
import { same } from '../../kernel/language.ts';
import { METRICS } from '../../metrics/registry.ts';
import { buildProvenance } from '../../provenance/build.ts';
import type { Provenance } from '../../provenance/model.ts';
import type { ReportCell } from '../../report/input.ts';
import { studyVocabulary } from '../../run/vocabulary.ts';
import { oneCellStudy } from '../../study/one-cell.ts';
import { parseStudyOrThrow } from '../../study/parse.ts';
import { selectOne } from '../compare/select-one.ts';
import { reportInput } from '../reports.ts';

export interface ExplainedCell {
  readonly provenance: Provenance;
  /** A study that measures this cell alone. */
  readonly studyText: string;
}

/**
 * @param which the beginning of a cell key, or a selection that fits one cell
 * @throws ProblemsError, HayasaError `file/missing`, `run/damaged`, `journal/damaged`
 */
export function explainCell(host: Host, folder: string, which: string): ExplainedCell {
  const paths = runFolder(resolve(host.system.currentFolder, folder));
  const input = reportInput(host, paths);
  const cell = selectOne(input.cells, which, 'CELL', 'hayasa explain');
  const word = quoted(which);
  const provenance = buildProvenance({
    input,
    cell,
    metrics: METRICS,
    files: [
      {
        name: { en: 'journal', ja: 'ジャーナル' },
        value: same(isRecord(host.files, paths) ? paths.compressedJournal : paths.journal),
      },
      { name: { en: 'study as written', ja: '書かれたままのスタディ' }, value: same(paths.study) },
      { name: { en: 'study as resolved', ja: '解決後のスタディ' }, value: same(paths.resolvedStudy) },
      { name: { en: 'environment', ja: '環境' }, value: same(paths.environment) },
    ],
    commands: [
      {
        name: {
          en: "this cell alone, with the study's rounds",
          ja: 'このセルだけを、スタディのラウンド数で',
        },
        value: same(`hayasa explain ${quoted(folder)} ${word} --study > cell.yaml && hayasa run cell.yaml`),
      },
      {
        name: { en: 'the whole run, in another folder', ja: '実行全体を、別のフォルダーで' },
        value: same(
          `hayasa run ${quoted(join(folder, 'study.yaml'))} --out ${quoted(`${folder.replace(/\/+$/, '')}-again`)}`,
        ),
      },
    ],
  });
  return { provenance, studyText: cellStudyText(host, paths.folder, cell) };
}

function cellStudyText(host: Host, folder: string, cell: ReportCell): string {
  const { studyText } = readRunInputs(host.files, runFolder(folder));
  const study = parseStudyOrThrow(studyText, studyVocabulary(ENGINE_DECLARATIONS), 'study.yaml');
  return oneCellStudy(studyText, study, cell.cell, cell.engineLabel);
}

/** For a POSIX shell. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
