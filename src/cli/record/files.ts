/** The files of a result of record: what they are made from, and what is made. Both are plain values; nothing is written. */

import { isAbsolute } from 'node:path';
import { ENGINE_DECLARATIONS } from '../../engines/declarations.ts';
import type { Host } from '../../host/host.ts';
import { compressedJournal, isRecord, readRunJournal } from '../../journal/compressed.ts';
import { lineByLine } from '../../journal/packed-repeats.ts';
import type { JournalRecord } from '../../journal/records.ts';
import { type RunFolder, type RunInputs, readRunInputs } from '../../journal/run-folder.ts';
import { journalState } from '../../journal/state.ts';
import { canonicalJson } from '../../kernel/canonical.ts';
import { same, sayEnglish } from '../../kernel/language.ts';
import { presentValue } from '../../kernel/maybe.ts';
import { anonymiser, anonymous } from '../../record/anonymous.ts';
import { recordFolderName } from '../../record/folder-name.ts';
import { readingText } from '../../record/reading.ts';
import { buildReport } from '../../report/build.ts';
import { FILE_FORMATS } from '../../report/formats/registry.ts';
import type { Fact } from '../../report/input.ts';
import type { RunEnvironment } from '../../run/environment.ts';
import { studyVocabulary } from '../../run/vocabulary.ts';
import { parseStudyOrThrow } from '../../study/parse.ts';
import { inputOf, recordInput } from '../reports.ts';

export interface RecordFile {
  /** Inside the folder. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface ResultOfRecord {
  readonly runId: string;
  /** `2026-intel-xeon-processor-2.90ghz`. */
  readonly folderName: string;
  /** What the rest is made from: the study, the conditions, the journal. */
  readonly sources: readonly RecordFile[];
  /** Report, figures, data and reading. */
  readonly derived: readonly RecordFile[];
}

/**
 * A run as a result of record, without paths and names of the machine. That of a result of record is itself.
 * @throws HayasaError `file/missing`, `run/damaged`, `journal/damaged`
 */
export async function resultOfRecord(host: Host, folder: RunFolder): Promise<ResultOfRecord> {
  const { inputs, records } = anonymousRun(host, folder);
  const environment = inputs.environment as RunEnvironment;
  const began = journalState(records).invocations[0]?.wallTime;
  const cpuModel = presentValue(environment.machine.cpu.model) ?? environment.machine.architecture;
  return {
    runId: environment.runId,
    folderName: recordFolderName(began ?? '', cpuModel),
    sources: sourceFiles(host, folder, inputs, records),
    derived: await derivedFiles(inputs, records),
  };
}

interface Run {
  readonly inputs: RunInputs;
  readonly records: readonly JournalRecord[];
}

function anonymousRun({ files, system }: Host, folder: RunFolder): Run {
  const inputs = readRunInputs(files, folder);
  const records = lineByLine(readRunJournal(files, folder));
  if (isRecord(files, folder)) return { inputs, records };
  const { hostName, userName, homeFolder, currentFolder, cacheFolder, dataFolder } = system;
  const folders = [folder.folder, cacheFolder, dataFolder, currentFolder, homeFolder ?? ''];
  const anonymise = anonymiser({ hostName, userName, folders, models: modelPaths(inputs) });
  return {
    inputs: anonymous(inputs, anonymise),
    // Token ids and prompts are what was measured, and no text of the machine.
    records: records.map((record) =>
      record.kind === 'tokens' || record.kind === 'prompts' ? record : anonymous(record, anonymise),
    ),
  };
}

/** Absolute paths of the study's models. */
const modelPaths = ({ studyText }: RunInputs): string[] =>
  parseStudyOrThrow(studyText, studyVocabulary(ENGINE_DECLARATIONS), 'study.yaml').models.flatMap((model) =>
    model.kind === 'path' && isAbsolute(model.path) ? [model.path] : [],
  );

const text = (name: string, content: string): RecordFile => ({ name, bytes: Buffer.from(content, 'utf8') });

/** A journal that is compressed already stays as it is: another build of zlib may give other bytes. */
function sourceFiles(
  { files }: Host,
  folder: RunFolder,
  inputs: RunInputs,
  records: readonly JournalRecord[],
): RecordFile[] {
  const { compressedJournal: path } = folder;
  return [
    text('study.yaml', inputs.studyText),
    text('study.json', `${canonicalJson(inputs.resolvedStudy)}\n`),
    text('environment.json', `${canonicalJson(inputs.environment)}\n`),
    {
      name: 'journal.ndjson.gz',
      bytes: isRecord(files, folder)
        ? files.readRange(path, 0, files.size(path) ?? 0)
        : compressedJournal(records),
    },
  ];
}

async function derivedFiles(inputs: RunInputs, records: readonly JournalRecord[]): Promise<RecordFile[]> {
  const input = recordInput(inputOf(inputs, records, 'study.yaml'));
  const study = parseStudyOrThrow(inputs.studyText, studyVocabulary(ENGINE_DECLARATIONS), 'study.yaml');
  const report = buildReport(input);
  const { invocations } = journalState(records);
  const formats = await Promise.all(FILE_FORMATS.map((format) => format.render(report, sayEnglish)));
  return [
    ...formats.flat().map((file) => text(file.name, file.text)),
    text(
      'reading.md',
      readingText({
        report,
        description: study.description,
        machine: input.environment.machine,
        began: invocations[0]?.wallTime,
        sources: invocations.flatMap(({ source }) => sourceFacts(source)).filter(isFirst),
      }),
    ),
  ];
}

const sourceFacts = (source: { readonly commit?: string | undefined } | undefined): Fact[] =>
  source?.commit === undefined ? [] : [{ name: same('commit'), value: same(source.commit) }];

const isFirst = (fact: Fact, index: number, all: readonly Fact[]): boolean =>
  all.findIndex(({ value }) => value.en === fact.value.en) === index;
