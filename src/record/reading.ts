/**
 * The reading of a result of record: one page, written from the report by a template, so that nothing stands in it that
 * the data did not decide. Sentences that go beyond the data begin with a mark: a reader has to judge them.
 */
import { sayEnglish } from '../kernel/language.ts';
import { choiceReading, choiceTable } from '../report/formats/choice-section.ts';
import { drawTable } from '../report/formats/markdown.ts';
import { escapeText, fenced } from '../report/formats/markup.ts';
import type { Fact } from '../report/input.ts';
import type { Report } from '../report/model.ts';
import { counted } from '../report/numbers.ts';
import { findingText, methodText } from '../report/verdict-text.ts';
import type { Verdict } from '../verdicts/judge.ts';
import { absences, withoutFigures } from './absences.ts';
import { type Standings, standings } from './standing.ts';

export interface ReadingInput {
  readonly report: Report;
  /** The study's own question; undefined where it asks none. */
  readonly description: string | undefined;
  readonly machine: { readonly name: string; readonly fingerprint: string };
  /** When the run began, ISO 8601; undefined where nothing was measured. */
  readonly began: string | undefined;
  /** Commit and package lock of the code, for each invocation that measured; repetitions left out. */
  readonly sources: readonly Fact[];
}

/** What a sentence begins with that the data does not decide. */
export const JUDGEMENT = '*Judgement needed:*';
/** Rows of the chooser's table; the report has all. */
const CHOICES = 12;

/** The page as Markdown. */
export function readingText(input: ReadingInput): string {
  const { report } = input;
  const sections = [
    `# Reading of ${escapeText(report.title)}: ${escapeText(input.machine.name)}`,
    introduction(input),
    ...report.answer.sentences.map(({ en }) => escapeText(en)),
    ...claimSections(report),
    ...choice(report),
    ...notMeasured(report),
    ...conditions(input),
    ...repetition(report),
  ];
  return `${sections.join('\n\n')}\n`;
}

function introduction({ description, began }: ReadingInput): string {
  return [
    ...(description === undefined ? [] : [escapeText(description)]),
    ...(began === undefined ? ['Nothing was measured.'] : [`Measured from ${began.slice(0, 10)} on.`]),
    'This page is written by a template from the data beside it; report.md has every figure with its interval.',
    `Sentences that begin with ${JUDGEMENT} go beyond what the data decides.`,
  ].join(' ');
}

function claimSections({ claims }: Report): string[] {
  if (claims === undefined) return [];
  const found = standings(claims.verdicts);
  const { holds, doesNotHold, undecided, notMeasured: rest } = found;
  return [
    `Of ${counted(claims.verdicts.length, 'conclusion')} here: ${holds.length} hold, ${doesNotHold.length} do not hold, ${undecided.length} undecided, ${rest.length} not tested.`,
    ...list('What holds here', holds.map(line)),
    ...list('What does not hold here', doesNotHold.map(line)),
    ...list('Undecided', undecided.map(line)),
    ...list('Not tested here', untested(rest)),
    escapeText(methodText(claims).en),
    ...judgements(found).map((text) => `${JUDGEMENT} ${text}`),
  ];
}

/** Those with a stand-in in full, the others by reason. */
function untested(verdicts: readonly Verdict[]): string[] {
  const groups = new Map<string, string[]>();
  for (const { id, reason } of verdicts.filter(({ analogue }) => analogue === undefined)) {
    const why = reason?.en ?? '';
    const key = OUT_OF_TIME.test(why) ? 'the run did not reach its cells' : withoutFigures(why);
    groups.set(key, [...(groups.get(key) ?? []), id]);
  }
  return [
    ...verdicts.filter(({ analogue }) => analogue !== undefined).map(line),
    ...[...groups].map(([reason, ids]) => escapeText(`${reason}: ${ids.join(', ')}`)),
  ];
}

/** How reports call what was planned and not measured for want of time. */
const OUT_OF_TIME = /^(beyond the time|the run did not reach it)/;

const line = (verdict: Verdict): string => {
  const { id, statement, note, role, outcome, elsewhere } = verdict;
  const marks = [
    ...(role === 'explanation' ? ['an explanation'] : []),
    ...(outcome === 'not-measured' && elsewhere !== undefined ? ['said of another class of devices'] : []),
    ...(note === undefined ? [] : [note]),
  ];
  const bracket = marks.length === 0 ? '' : ` [${marks.join('; ')}]`;
  return `**${escapeText(id)}**: ${escapeText(`${statement}${bracket}: ${findingText(verdict, sayEnglish)}`)}`;
};

/** What the data leaves to the reader, each only where it applies. */
function judgements({ holds, doesNotHold, undecided }: Standings): string[] {
  const decided = [...holds, ...doesNotHold];
  const carried = decided.filter(({ outcome }) => outcome === 'not-measured');
  const explanations = holds.filter(({ role }) => role === 'explanation');
  const ids = (verdicts: readonly Verdict[]): string => verdicts.map(({ id }) => escapeText(id)).join(', ');
  return [
    ...(doesNotHold.length === 0
      ? []
      : [
          'where a conclusion does not hold here, this run does not tell the hardware from the versions of the engines: both are others than those of the study.',
        ]),
    ...(carried.length === 0
      ? []
      : [
          `${ids(carried)}: said of another class of devices than the one here. That it carries over, or does not, says nothing of a device of that class today.`,
        ]),
    ...(explanations.length === 0
      ? []
      : [
          `${ids(explanations)}: the figures are what the explanation predicts. Other explanations may predict them too.`,
        ]),
    ...(undecided.length === 0
      ? []
      : [
          `${ids(undecided)}: undecided is no word for equal. More rounds may decide, or the truth may lie at the margin.`,
        ]),
    ...(decided.length === 0
      ? []
      : ['the margins ("far", "almost", "near") are ours; another reading of the words may turn a verdict.']),
  ];
}

function choice({ choice: section, table }: Report): string[] {
  if (section === undefined) return [];
  return [
    '## Which to choose',
    drawTable(choiceTable({ table }, section, CHOICES, sayEnglish)),
    escapeText(choiceReading(section, CHOICES, sayEnglish)),
  ];
}

function notMeasured(report: Report): string[] {
  const measured = report.table.rows.filter(({ launches }) => launches > 0);
  const few = measured.filter(({ launches }) => launches === 1).length;
  const unmeasured = report.table.rows.length - measured.length;
  return [
    '## What is not measured here, and why',
    [
      `${counted(measured.length, 'cell')} ${measured.length === 1 ? 'has' : 'have'} values.`,
      ...(few === 0 ? [] : [`${counted(few, 'of them', 'of them')} from one launch, without an interval.`]),
      ...(unmeasured === 0 ? [] : [`${counted(unmeasured, 'more cell')} were planned and not reached.`]),
      ...(measured.length + unmeasured === 0 ? [] : ['The rest, by reason:']),
    ].join(' '),
    ...items(absences(report).map(({ reason, cells }) => escapeText(`${reason}: ${counted(cells, 'cell')}`))),
  ];
}

function conditions({ report, machine, sources }: ReadingInput): string[] {
  const wanted = new Set(['CPU', 'memory', 'Hayasa', 'kernel', 'operatingSystem', 'node', 'run']);
  const facts = report.conditions.filter(
    ({ name }) => wanted.has(name.en) || name.en.startsWith('measured '),
  );
  const severe = report.caveats.filter(({ severity }) => severity !== 'note');
  return [
    '## Conditions',
    ...items(
      [...facts.map(factLine), `machine: fingerprint ${machine.fingerprint}`, ...sources.map(factLine)].map(
        escapeText,
      ),
    ),
    ...(severe.length === 0
      ? []
      : [
          `${JUDGEMENT} what follows was found in the data; whether a figure can be used in spite of it depends on what for.`,
          ...items(severe.map(({ severity, text }) => `**${severity}** ${escapeText(text.en)}`)),
        ]),
  ];
}

const factLine = ({ name, value }: Fact): string => `${name.en}: ${value.en}`;

function repetition({ runId }: Report): string[] {
  return [
    '## How to repeat it',
    'In this folder: the study as it was run, the conditions, the journal with every stamp. The first command measures again, the second prints the verdicts from the journal, the third makes every file of this folder again and compares its bytes.',
    fenced(['hayasa run study.yaml', 'hayasa claims .', 'hayasa record . --check'].join('\n')),
    `Run \`${runId}\`.`,
  ];
}

const list = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`## ${title}`, ...items(lines)];

const items = (lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [lines.map((one) => `- ${one}`).join('\n')];
