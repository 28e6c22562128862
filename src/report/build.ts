/** From a run to its report: a pure function of the study's cells and the journal's records. */
import prettyBytes from 'pretty-bytes';
import { totalBytes } from '../engines/declaration.ts';
import { type JournalState, journalState } from '../journal/state.ts';
import { same, type Words } from '../kernel/language.ts';
import type { Metric } from '../metrics/metric.ts';
import { type CellSummary, summarise } from '../metrics/summarise.ts';
import { currenciesOf } from '../study/price.ts';
import { agreementIndex } from './agreement.ts';
import { settingAnswers } from './answer.ts';
import { answerSentences } from './answer-text.ts';
import { caveats } from './caveats.ts';
import { choiceSection } from './choice.ts';
import { claimsSection, observedCells } from './claims.ts';
import { conditions } from './conditions.ts';
import { dialectSection } from './dialect.ts';
import { effectivePrecisions } from './effective.ts';
import { experimentSections } from './experiments.ts';
import { machineFindings } from './findings.ts';
import { importedSection } from './imported.ts';
import type { ReportCell, ReportInput, ReportSkip } from './input.ts';
import { type Labelling, labelling, precisionText, settingKey } from './labels.ts';
import { ladderSections } from './ladder.ts';
import { lengthDistributions } from './lengths.ts';
import { metricColumn } from './metric-column.ts';
import { type MetricColumn, type PrecisionLegend, REPORT_VERSION, type Report, type Row } from './model.ts';
import { qualityIndex, qualitySection } from './quality.ts';
import { failureGroups, groupReasons } from './reasons.ts';
import { measuredKeys, shownCells, summaryRequest } from './summaries.ts';

/** The metrics that are shown only where a model has a tokenizer: they make tokenizers of different grain comparable. */
const TEXT: ReadonlySet<string> = new Set(['characters-per-second', 'characters-per-token']);

/** The metrics that are shown only where a price is given, in its currency. */
const COST = /^cost-per-/;

/** The metrics that are shown only where lengths differ: they expose what padding costs and what counting it does. */
const PADDED: ReadonlySet<string> = new Set([
  'throughput-padding-counted',
  'throughput-padding-computed',
  'finished-rows-share',
]);
/** Shown only where tokens are drawn. */
const SAMPLING = 'sampling-time';
const PROMPT_PADDED = 'prompt-padding-share';

/** The report of a run, finished or not. Cells that were dropped for want of time have no row. */
export function buildReport(input: ReportInput): Report {
  const state = journalState(input.records);
  const shown = shownCells(input, state);
  const names = labelling(shown);
  const all = labelling([...input.cells, ...input.skipped]);
  const byKey = new Map(input.cells.map((cell) => [cell.cellKey, cell]));
  const nameOf = (cellKey: string): string => {
    const cell = byKey.get(cellKey);
    return cell === undefined ? cellKey : all.brief(cell);
  };
  const effective = effectivePrecisions(state);
  const kindOf = (cell: ReportCell): Words => precisionText(effective.get(cell.cellKey) ?? cell.precision);
  const { cells, metrics, looks } = summaryRequest(input, state);
  const summaries = input.summaries ?? summarise(cells, state, metrics, looks);
  const rows = buildRows(shown, { names, kindOf, summaries, state, input });
  const observed = observedCells({ input, state, summaries, nameOf: (cell) => all.brief(cell) });
  const claims = claimsSection(input.study, observed);
  const experiments = experimentSections(input, rows, observed);
  const ladders = ladderSections({ input, state, rows, observed });
  const lengths = lengthDistributions(
    shown.map((one) => ({ ...one, name: names.full(one) })),
    state,
  );
  const measured = measuredKeys(state);
  const findings = machineFindings(state, rows, summaries);
  const settings = settingAnswers({ rows, summaries, unconfirmedReason: unconfirmedReason(input, state) });
  const choice = choiceSection({
    rows,
    summaries,
    shapes: new Map(shown.map(({ cell, shape }) => [cell.model, shape])),
  });
  return {
    version: REPORT_VERSION,
    title: input.study.name,
    runId: input.runId,
    answer: { sentences: answerSentences(settings, input.environment.device), settings },
    ...(choice === undefined ? {} : { choice }),
    table: {
      common: names.common,
      labels: names.columns,
      precisions: precisionLegend(shown, kindOf),
      metrics: metricColumns(metrics, rows, currenciesOf(input.study.pricePerHour)[0]),
      rows,
    },
    ...(input.dialect === undefined ? {} : { dialect: dialectSection(input.dialect) }),
    ...(input.imported === undefined ? {} : { imported: importedSection(input.imported) }),
    ...(experiments.length === 0 ? {} : { experiments }),
    ...(ladders.length === 0 ? {} : { ladders }),
    ...(input.language === undefined ? {} : { language: input.language }),
    ...(claims === undefined ? {} : { claims }),
    ...(lengths.length === 0 ? {} : { lengths }),
    ...qualitySection(state),
    caveats: caveats({ input, state, rows, summaries, findings }),
    findings,
    failures: failureGroups(state, nameOf),
    dropped: groupReasons(
      [...new Map(state.dropped.map((one) => [one.cellKey, one])).values()]
        .filter(({ cellKey }) => !measured.has(cellKey))
        .map(({ cellKey, reason }) => ({ name: nameOf(cellKey), reason })),
    ),
    skipped: groupReasons(input.skipped.map((skip) => ({ name: skipName(skip, all), reason: skip.reason }))),
    conditions: conditions(input.environment, state),
    command: input.command,
    paths: input.paths,
  };
}

/** With the memory that it needs, where that is why. */
const skipName = (skip: ReportSkip, names: Labelling): string =>
  skip.needs === undefined
    ? names.brief(skip)
    : `${names.brief(skip)} (${prettyBytes(totalBytes(skip.needs))})`;

interface RowContext {
  readonly names: Labelling;
  readonly kindOf: (cell: ReportCell) => Words;
  readonly summaries: ReadonlyMap<string, CellSummary>;
  readonly state: JournalState;
  readonly input: ReportInput;
}

function buildRows(cells: readonly ReportCell[], context: RowContext): Row[] {
  const { names, kindOf, summaries, state, input } = context;
  const agreements = agreementIndex(state, cells);
  const qualityOf = qualityIndex(state);
  const synthetic = new Set(
    input.models.flatMap(({ name, syntheticSeed }) => (syntheticSeed === undefined ? [] : [name])),
  );
  return cells.flatMap((cell) => {
    const summary = summaries.get(cell.cellKey);
    if (summary === undefined) return [];
    const { explore, confirm } = summary;
    return [
      {
        cellKey: cell.cellKey,
        cell: cell.cell,
        engineLabel: cell.engineLabel,
        settingKey: settingKey(cell.cell),
        label: names.short(cell),
        labels: names.texts(cell, precisionLabel(cell, kindOf(cell))),
        values: Object.fromEntries(explore.estimates),
        confirmed: confirm.launches.length === 0 ? undefined : Object.fromEntries(confirm.estimates),
        agreement: agreements.of(cell.cell, cell.cellKey, synthetic.has(cell.cell.model)),
        ...qualityOf(cell.cell),
        launches: explore.launches.length,
      },
    ];
  });
}

/** `w8a8 (int8 weights, int8 activations, float32 KV cache)`; fp32 needs no explanation. */
function precisionLabel({ cell: { precision } }: ReportCell, kind: Words): Words {
  if (isFloat32(kind)) return same(precision);
  return { en: `${precision} (${kind.en})`, ja: `${precision}（${kind.ja}）` };
}

const isFloat32 = (kind: Words): boolean => kind.en === 'float32';

function precisionLegend(
  cells: readonly ReportCell[],
  kindOf: (cell: ReportCell) => Words,
): PrecisionLegend[] {
  const legend = new Map<string, PrecisionLegend>();
  for (const planned of cells) {
    const { cell, engineLabel, precisionOwnName, precisionNote } = planned;
    const kind = kindOf(planned);
    if (isFloat32(kind)) continue;
    legend.set(`${engineLabel} ${cell.precision} ${kind.en}`, {
      engine: engineLabel,
      precision: cell.precision,
      kind,
      ownName: precisionOwnName,
      note: precisionNote,
    });
  }
  return [...legend.values()];
}

function metricColumns(
  metrics: readonly Metric[],
  rows: readonly Row[],
  currency: string | undefined,
): MetricColumn[] {
  const unequal = rows.some(({ cell }) => cell.stop !== 'forced');
  const ragged = rows.some(({ cell }) => cell.promptLengths === 'ragged');
  const hasValue = (id: string): boolean => rows.some(({ values }) => values[id]?.kind === 'value');
  return metrics.map((metric) => {
    const { id, main } = metric;
    const column = metricColumn(
      metric,
      main ||
        (unequal && PADDED.has(id)) ||
        (ragged && id === PROMPT_PADDED) ||
        ((TEXT.has(id) || id === SAMPLING) && hasValue(id)) ||
        (COST.test(id) && currency !== undefined),
    );
    return COST.test(id) && currency !== undefined ? inCurrency(column, currency) : column;
  });
}

const inCurrency = (column: MetricColumn, currency: string): MetricColumn => ({
  ...column,
  storedUnit: column.storedUnit.replace('currency', currency),
  shownUnit: column.shownUnit.replace('currency', currency),
});

function unconfirmedReason(input: ReportInput, state: JournalState): Words {
  if (!input.study.confirms)
    return { en: 'the study asks for no fresh blocks', ja: 'スタディが再測定のブロックを求めていない' };
  switch (state.ended?.outcome) {
    case 'budget':
      return {
        en: 'the budget was used up before the fresh blocks',
        ja: '再測定のブロックの前に予算を使い切った',
      };
    case 'interrupted':
      return {
        en: 'the run was interrupted before the fresh blocks',
        ja: '再測定のブロックの前に実行が中断された',
      };
    case undefined:
      return { en: 'the run did not reach the fresh blocks', ja: '実行が再測定のブロックに達していない' };
    case 'complete':
      return { en: 'it had no part in the fresh blocks', ja: '再測定のブロックに入っていない' };
  }
}
