/** The answer for a chooser as a table with its reading: the same words for Markdown and the screen. */
import { assertNever } from '../../kernel/errors.ts';
import { type Say, same, type Words } from '../../kernel/language.ts';
import { presentValue } from '../../kernel/maybe.ts';
import type { Choice, ChoiceOption, ChoicePlace, ChoiceSection, CostKind } from '../choice-model.ts';
import { joined } from '../joined.ts';
import type { Report } from '../model.ts';
import { formatEstimate, formatNumber, formatRatio } from '../numbers.ts';
import type { TextColumn, TextTable } from './text-table.ts';

export const CHOICE_TITLE: Words = { en: 'Which to choose', ja: 'どれを選ぶか' };

/** Options that are named in a cell of the table; JSON has all. */
const NAMED_OPTIONS = 3;

interface Line {
  readonly place: ChoicePlace;
  readonly outputs: Words;
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
  say: Say,
): TextTable {
  const all = section.places.flatMap(linesOf);
  const lines = all.slice(0, limit);
  const column = (
    title: Words,
    options: Pick<TextColumn, 'label' | 'numeric'>,
    text: (line: Line) => string,
  ): TextColumn => ({ title: say(title), ...options, texts: lines.map(text) });
  const label = { label: true, numeric: false };
  const value = { label: false, numeric: false };
  const number = { label: false, numeric: true };
  const varying = (title: Words, text: (line: Line) => string): TextColumn[] =>
    new Set(all.map(text)).size > 1 ? [column(title, label, text)] : [];
  return {
    rowCount: lines.length,
    columns: [
      ...varying({ en: 'device', ja: 'デバイス' }, ({ place }) => place.device),
      ...varying({ en: 'model', ja: 'モデル' }, ({ place }) => modelText(place)),
      ...varying({ en: 'workload', ja: 'ワークロード' }, ({ place }) => say(place.workload)),
      column({ en: 'batch', ja: 'バッチ' }, { label: true, numeric: true }, ({ place }) =>
        String(place.batch),
      ),
      column({ en: 'outputs', ja: '出力' }, label, ({ outputs }) => say(outputs)),
      column({ en: 'choose', ja: '選ぶもの' }, value, ({ choice }) => say(chooseText(choice))),
      column(same('tokens/s'), number, ({ choice }) => {
        const [leader] = choice.options;
        return leader === undefined ? '–' : formatEstimate(leader.throughput, 1, 1, say);
      }),
      column({ en: 'against the next', ja: '次点との比' }, number, ({ choice }) => say(marginText(choice))),
      column({ en: 'confidence', ja: '信頼度' }, number, ({ choice }) =>
        say(confidenceText(choice.confidence)),
      ),
      ...costColumns(report, lines, (title, text) => column(title, number, text), say),
    ],
  };
}

/** How the table was decided, and what it leaves out. */
export function choiceReading(
  { level, margin, contests, places }: ChoiceSection,
  limit: number,
  say: Say,
): string {
  const count = places.flatMap(linesOf).length;
  const [first] = places;
  const shared = (text: (place: ChoicePlace) => string): string[] =>
    first !== undefined && new Set(places.map(text)).size === 1 ? [text(first)] : [];
  const common = [
    ...shared(({ device }) => device),
    ...shared(modelText),
    ...shared(({ workload }) => say(workload)),
  ].join(say({ en: ', ', ja: '、' }));
  return say(
    joined([
      ...(common === '' ? [] : [{ en: `${common}.`, ja: `${common}。` }]),
      ...(contests === 0
        ? []
        : [
            {
              en: `Decided together at ${formatNumber(level * 100, 0)} % over ${contests} ${contests === 1 ? 'contest' : 'contests'} (Holm), each over all of its rivals (Bonferroni); the confidence is the largest at which the whole table would still say so. Names and "or" are each held to that level.`,
              ja: `${contests} 件の選択を ${formatNumber(level * 100, 0)} % で一緒に決めています（Holm）。各選択はすべての競合に対して判定します（Bonferroni）。信頼度は、表全体がなおそう言える最大の値です。名前と「または」はそれぞれその水準を満たします。`,
            },
            {
              en: `"or": equal to within ${formatNumber(margin * 100, 0)} %; "undecided": one of these is the fastest. Ratios are paired by block, with the 95 % interval of each alone; tests hold its spread together with that of all of the table (moderated t).`,
              ja: `「または」: ${formatNumber(margin * 100, 0)} % 以内で同等。「未決」: このうちのどれかが最速。比はブロックごとの対で、区間はそれぞれ単独の 95 % 信頼区間です。検定では、そのばらつきを表全体のばらつきと合わせて見積もります（moderated t）。`,
            },
          ]),
      ...(count > limit
        ? [
            {
              en: `${limit} of ${count} rows; all are in report.md and report.json.`,
              ja: `${count} 行中 ${limit} 行。すべては report.md と report.json にあります。`,
            },
          ]
        : []),
    ]),
  );
}

function linesOf(place: ChoicePlace): Line[] {
  const [equal, any] = place.choices;
  if (equal === undefined) return [];
  if (any !== undefined && sameOptions(equal, any))
    return [{ place, outputs: { en: 'either', ja: 'どちらでも' }, choice: any }];
  return place.choices.map((choice) => ({
    place,
    outputs:
      choice.among === 'equal-to-fp32'
        ? { en: 'equal to fp32', ja: 'fp32 と等しい' }
        : { en: 'any precision', ja: '精度を問わない' },
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

function chooseText({ outcome, options }: Choice): Words {
  const labels = options.map(({ label }) => label);
  const shown = labels.slice(0, NAMED_OPTIONS);
  const rest = labels.length - shown.length;
  const list = {
    en: `${shown.join(' or ')}${rest > 0 ? ` or ${rest} more` : ''}`,
    ja: `${shown.join(' または ')}${rest > 0 ? `、他 ${rest} 件` : ''}`,
  };
  switch (outcome) {
    case 'fastest':
    case 'equal':
      return list;
    case 'alone':
      return { en: `${list.en} (the only one)`, ja: `${list.ja}（これだけ）` };
    case 'undecided':
      return { en: `undecided: ${list.en}`, ja: `未決: ${list.ja}` };
    default:
      return assertNever(outcome, 'outcome');
  }
}

function marginText({ runnerUp }: Choice): Words {
  if (runnerUp === undefined) return same('–');
  const { ratio, label, design } = runnerUp;
  const isUnpaired = design === 'unpaired' && ratio.kind === 'value';
  const text = ratio.kind === 'missing' ? same('–') : formatRatio(ratio.value);
  return {
    en: `${text.en} against ${label}${isUnpaired ? ', not paired' : ''}`,
    ja: `${text.ja} 対 ${label}${isUnpaired ? '、対応なし' : ''}`,
  };
}

/** Rounded down: 99.96 % is not 100 %. */
function confidenceText(confidence: number | undefined): Words {
  if (confidence === undefined) return same('–');
  if (confidence >= 0.999) return { en: 'over 99.9 %', ja: '99.9 % 超' };
  return same(`${formatNumber(Math.floor(confidence * 1000) / 10, 1)} %`);
}

const COST_TITLES: Readonly<Record<CostKind, Words>> = {
  newTokens: { en: 'new', ja: '新規' },
  inputTokens: { en: 'input', ja: '入力' },
  outputTokens: { en: 'output', ja: '出力' },
};

/** Money per million tokens of the leader, where the study gives prices. */
function costColumns(
  report: Pick<Report, 'table'> | undefined,
  lines: readonly Line[],
  column: (title: Words, text: (line: Line) => string) => TextColumn,
  say: Say,
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
      column(
        {
          en: `${currency} per 1e6 ${COST_TITLES[kind].en} tokens`,
          ja: `${COST_TITLES[kind].ja} 100 万トークンあたり ${currency}`,
        },
        ({ choice }) => {
          const cost = of(choice.options[0]);
          return cost === undefined ? '–' : formatEstimate(cost, 1, metric.digits, say);
        },
      ),
    ];
  });
}
