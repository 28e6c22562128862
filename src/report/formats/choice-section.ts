/** The answer for a chooser as a table with its reading: the same words for Markdown and the screen. */
import { assertNever } from '../../kernel/errors.ts';
import { presentValue } from '../../kernel/maybe.ts';
import type { Choice, ChoiceOption, ChoicePlace, ChoiceSection, CostKind } from '../choice-model.ts';
import type { Report } from '../model.ts';
import { formatEstimate, formatNumber, formatRatio } from '../numbers.ts';
import type { TextColumn, TextTable } from './text-table.ts';

export const CHOICE_TITLE = 'Which to choose';

/** Options that are named in a cell of the table; JSON has all. */
const NAMED_OPTIONS = 3;

interface Line {
  readonly place: ChoicePlace;
  readonly outputs: string;
  readonly choice: Choice;
}

/**
 * A row per place and class of outputs, at most `limit` rows; columns that are equal throughout stand in `choiceReading`; costs
 * where `report` is given and has a price.
 */
export function choiceTable(
  report: Pick<Report, 'table'> | undefined,
  section: ChoiceSection,
  limit: number,
): TextTable {
  const all = section.places.flatMap(linesOf);
  const lines = all.slice(0, limit);
  const column = (
    title: string,
    options: Pick<TextColumn, 'label' | 'numeric'>,
    text: (line: Line) => string,
  ): TextColumn => ({ title, ...options, texts: lines.map(text) });
  const label = { label: true, numeric: false };
  const value = { label: false, numeric: false };
  const number = { label: false, numeric: true };
  const varying = (title: string, text: (line: Line) => string): TextColumn[] =>
    new Set(all.map(text)).size > 1 ? [column(title, label, text)] : [];
  return {
    rowCount: lines.length,
    columns: [
      ...varying('device', ({ place }) => place.device),
      ...varying('model', ({ place }) => modelText(place)),
      ...varying('workload', ({ place }) => place.workload),
      column('batch', { label: true, numeric: true }, ({ place }) => String(place.batch)),
      column('outputs', label, ({ outputs }) => outputs),
      column('choose', value, ({ choice }) => chooseText(choice)),
      column('tokens/s', number, ({ choice }) => {
        const [leader] = choice.options;
        return leader === undefined ? '–' : formatEstimate(leader.throughput, 1, 1);
      }),
      column('against the next', number, ({ choice }) => marginText(choice)),
      column('confidence', number, ({ choice }) => confidenceText(choice.confidence)),
      ...costColumns(report, lines, (title, text) => column(title, number, text)),
    ],
  };
}

/** How the table was decided, and what it leaves out. */
export function choiceReading({ level, margin, contests, places }: ChoiceSection, limit: number): string {
  const count = places.flatMap(linesOf).length;
  const [first] = places;
  const same = (text: (place: ChoicePlace) => string): string[] =>
    first !== undefined && new Set(places.map(text)).size === 1 ? [text(first)] : [];
  const common = [
    ...same(({ device }) => device),
    ...same(modelText),
    ...same(({ workload }) => workload),
  ].join(', ');
  return [
    ...(common === '' ? [] : [`${common}.`]),
    ...(contests === 0
      ? []
      : [
          `Decided together at ${formatNumber(level * 100, 0)} % over ${contests} ${contests === 1 ? 'contest' : 'contests'} (Holm), each over all of its rivals (Bonferroni); the confidence is the largest at which the whole table would still say so. Names and "or" are each held to that level.`,
          `"or": equal to within ${formatNumber(margin * 100, 0)} %; "undecided": one of these is the fastest. Ratios are paired by block, with the 95 % interval of each alone.`,
        ]),
    ...(count > limit ? [`${limit} of ${count} rows; all are in report.md and report.json.`] : []),
  ].join(' ');
}

function linesOf(place: ChoicePlace): Line[] {
  const [equal, any] = place.choices;
  if (equal === undefined) return [];
  if (any !== undefined && sameOptions(equal, any)) return [{ place, outputs: 'either', choice: any }];
  return place.choices.map((choice) => ({
    place,
    outputs: choice.among === 'equal-to-fp32' ? 'equal to fp32' : 'any precision',
    choice,
  }));
}

const sameOptions = (a: Choice, b: Choice): boolean =>
  a.outcome === b.outcome &&
  a.options.map(({ cellKey }) => cellKey).join() === b.options.map(({ cellKey }) => cellKey).join();

/** `open-calm-small (165 M)`: parameters in millions or thousands of millions. */
function modelText({ model, parameters }: ChoicePlace): string {
  if (parameters === undefined) return model;
  const size =
    parameters >= 1e9 ? `${formatNumber(parameters / 1e9, 1)} G` : `${formatNumber(parameters / 1e6, 0)} M`;
  return parameters < 5e5 ? model : `${model} (${size})`;
}

function chooseText({ outcome, options }: Choice): string {
  const labels = options.map(({ label }) => label);
  const shown = labels.slice(0, NAMED_OPTIONS);
  const more = labels.length > shown.length ? ` or ${labels.length - shown.length} more` : '';
  const list = `${shown.join(' or ')}${more}`;
  switch (outcome) {
    case 'fastest':
    case 'equal':
      return list;
    case 'alone':
      return `${list} (the only one)`;
    case 'undecided':
      return `undecided: ${list}`;
    default:
      return assertNever(outcome, 'outcome');
  }
}

function marginText({ runnerUp }: Choice): string {
  if (runnerUp === undefined) return '–';
  const { ratio, label, design } = runnerUp;
  const unpaired = design === 'unpaired' ? ', not paired' : '';
  return ratio.kind === 'missing'
    ? `– against ${label}`
    : `${formatRatio(ratio.value)} against ${label}${unpaired}`;
}

/** Rounded down: 99.96 % is not 100 %. */
function confidenceText(confidence: number | undefined): string {
  if (confidence === undefined) return '–';
  if (confidence >= 0.999) return 'over 99.9 %';
  return `${formatNumber(Math.floor(confidence * 1000) / 10, 1)} %`;
}

const COST_TITLES: Readonly<Record<CostKind, string>> = {
  newTokens: 'new',
  inputTokens: 'input',
  outputTokens: 'output',
};

/** Money per million tokens of the leader, where the study gives prices. */
function costColumns(
  report: Pick<Report, 'table'> | undefined,
  lines: readonly Line[],
  column: (title: string, text: (line: Line) => string) => TextColumn,
): TextColumn[] {
  const metric = report?.table.metrics.find(({ id }) => id === 'cost-per-million-tokens');
  if (metric?.shown !== true) return [];
  const [currency = ''] = metric.shownUnit.split('/');
  const kinds: readonly CostKind[] = ['newTokens', 'inputTokens', 'outputTokens'];
  return kinds.flatMap((kind) => {
    const of = (option: ChoiceOption | undefined) =>
      option === undefined ? undefined : presentValue(option.cost[kind]);
    if (lines.every(({ choice }) => of(choice.options[0]) === undefined)) return [];
    return [
      column(`${currency} per 1e6 ${COST_TITLES[kind]} tokens`, ({ choice }) => {
        const cost = of(choice.options[0]);
        return cost === undefined ? '–' : formatEstimate(cost, 1, metric.digits);
      }),
    ];
  });
}
