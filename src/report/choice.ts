/**
 * The answer for a chooser: for each device, model, workload and batch size, which engine and precision to take, among
 * outputs equal to fp32 and at any precision. The fastest by throughput leads; what can be said of it is decided for the
 * whole table together (`stats/best-of.ts`, docs/method.md). Pairs that were measured again in fresh blocks count by these.
 */
import type { Cell } from '../axes/cell.ts';
import { type Maybe, missing, NOT_MEASURED, presentValue } from '../kernel/maybe.ts';
import { blockMeans, type CellSummary, launchMeans, type PhaseSummary } from '../metrics/summarise.ts';
import { describeShape } from '../models/architectures/registry.ts';
import { parameterCount } from '../models/counts.ts';
import type { ModelShape } from '../models/shape.ts';
import { type ContestResult, type Duel, decideContests } from '../stats/best-of.ts';
import type { Estimate } from '../stats/estimate.ts';
import { LEVEL } from '../stats/estimate.ts';
import type { PairedBlock } from '../stats/log-ratio.ts';
import { mean } from '../stats/moments.ts';
import { strictestLevel } from '../stats/sequential.ts';
import { EQUIVALENCE_MARGIN, isEligible } from './answer.ts';
import type { Choice, ChoiceOption, ChoiceSection, CostKind, WinnerClass } from './choice-model.ts';
import { workloadText } from './labels.ts';
import type { Row } from './model.ts';

/** The metric of each kind of cost. */
const COSTS = {
  newTokens: 'cost-per-million-tokens',
  inputTokens: 'cost-per-million-input-tokens',
  outputTokens: 'cost-per-million-output-tokens',
} as const satisfies Readonly<Record<CostKind, string>>;

export interface ChoiceInput {
  readonly rows: readonly Row[];
  readonly summaries: ReadonlyMap<string, CellSummary>;
  /** Shape by name of the model. */
  readonly shapes: ReadonlyMap<string, Maybe<ModelShape>>;
}

interface Candidate {
  readonly row: Row;
  readonly summary: CellSummary;
  readonly throughput: Estimate;
}

interface Contest {
  readonly leader: Candidate;
  readonly rivals: readonly Candidate[];
}

/** The section; undefined where nothing has a throughput. Places stand in the order of their first row, then by batch. */
export function choiceSection(input: ChoiceInput): ChoiceSection | undefined {
  const places = groupPlaces(input.rows);
  const contests = new Map<string, Contest>();
  const keyed = places.map((rows) => ({
    rows,
    classes: CLASSES.flatMap((among) => {
      const candidates = candidatesOf(rows, among, input.summaries);
      const [leader, ...rivals] = candidates;
      if (leader === undefined) return [];
      const key = candidates.map(({ row }) => row.cellKey).join(' ');
      contests.set(key, { leader, rivals });
      return [{ among, key }];
    }),
  }));
  if (contests.size === 0) return undefined;
  const keys = [...contests.keys()];
  const results = decideContests(duelsOf([...contests.values()]), { margin: EQUIVALENCE_MARGIN });
  const choiceOf = (key: string): Omit<Choice, 'among'> | undefined => {
    const contest = contests.get(key);
    const result = results[keys.indexOf(key)];
    return contest === undefined || result === undefined ? undefined : describeChoice(contest, result);
  };
  return {
    margin: EQUIVALENCE_MARGIN,
    level: LEVEL,
    contests: results.filter(({ outcome }) => outcome !== 'alone').length,
    places: keyed.flatMap(({ rows, classes }) => {
      const [first] = rows;
      if (first === undefined || classes.length === 0) return [];
      const { cell, settingKey } = first;
      const shape = presentValue(
        input.shapes.get(cell.model) ?? missing({ en: 'no shape', ja: '形状がありません' }),
      );
      return [
        {
          device: cell.device,
          model: cell.model,
          parameters: shape === undefined ? undefined : parameterCount(describeShape(shape)),
          workload: workloadText(cell),
          batch: cell.batch,
          settingKey,
          choices: classes.flatMap(({ among, key }) => {
            const choice = choiceOf(key);
            return choice === undefined ? [] : [{ among, ...choice }];
          }),
        },
      ];
    }),
  };
}

const CLASSES = ['equal-to-fp32', 'any-precision'] as const satisfies readonly WinnerClass[];

function groupPlaces(rows: readonly Row[]): Row[][] {
  const settings = new Map<string, Row[]>();
  for (const row of rows) settings.set(row.settingKey, [...(settings.get(row.settingKey) ?? []), row]);
  const batch = ({ cell }: { readonly cell: Cell }): number => cell.batch;
  return [...settings.values()].flatMap((own) =>
    [...new Set(own.map(batch))]
      .sort((a, b) => a - b)
      .map((size) => own.filter((row) => batch(row) === size)),
  );
}

/** Fastest first. Where the leader was measured again together with others, the fastest of these blocks leads. */
function candidatesOf(
  rows: readonly Row[],
  among: WinnerClass,
  summaries: ChoiceInput['summaries'],
): Candidate[] {
  const ranked = rows
    .filter((row) => isEligible(row, among))
    .flatMap((row): Candidate[] => {
      const summary = summaries.get(row.cellKey);
      const throughput = presentValue(row.values['throughput'] ?? missing(NOT_MEASURED));
      return summary === undefined || throughput === undefined ? [] : [{ row, summary, throughput }];
    })
    .sort((a, b) => b.throughput.mean - a.throughput.mean);
  const [first] = ranked;
  if (first === undefined) return [];
  const best = ranked.reduce((leader, rival) => {
    const blocks = commonBlocks(leader.summary.confirm, rival.summary.confirm);
    const ratio = mean(blocks.map(({ a, b }) => Math.log(a / b)));
    return blocks.length > 1 && ratio.kind === 'value' && ratio.value < 0 ? rival : leader;
  }, first);
  return [best, ...ranked.filter((one) => one !== best)];
}

/** The same object for two cells that meet in several contests. */
function duelsOf(contests: readonly Contest[]): Duel[][] {
  const known = new Map<string, Duel>();
  return contests.map(({ leader, rivals }) =>
    rivals.map((rival) => {
      const key = `${leader.row.cellKey} ${rival.row.cellKey}`;
      const duel = known.get(key) ?? duelOf(leader, rival);
      known.set(key, duel);
      return duel;
    }),
  );
}

/** Leader (a) against rival (b): in fresh blocks where at least two have both, else in the rounds. */
function duelOf(leader: Candidate, rival: Candidate): Duel {
  const fresh = commonBlocks(leader.summary.confirm, rival.summary.confirm);
  if (fresh.length > 1) return { sides: { kind: 'paired', blocks: fresh } };
  const [a, b] = [leader.summary.explore, rival.summary.explore];
  const looks = a.looks ?? b.looks;
  const level = looks === undefined ? {} : { level: strictestLevel(looks) };
  const blocks = commonBlocks(a, b);
  if (blocks.length > 0) return { sides: { kind: 'paired', blocks }, ...level };
  const reason = 'no block of the run has both';
  return {
    sides: { kind: 'unpaired', a: launchMeans(a, 'throughput'), b: launchMeans(b, 'throughput'), reason },
    ...level,
  };
}

/** Throughput of both in every block that measured both, in the order of rounds. */
function commonBlocks(a: PhaseSummary, b: PhaseSummary): PairedBlock[] {
  const ofB = blockMeans(b, 'throughput');
  const roundOf = (block: string): number => Number(block.split('/')[0]);
  return [...blockMeans(a, 'throughput')]
    .sort(([one], [other]) => roundOf(one) - roundOf(other))
    .flatMap(([block, value]) => {
      const other = ofB.get(block);
      return other === undefined ? [] : [{ a: value, b: other }];
    });
}

function describeChoice({ leader, rivals }: Contest, result: ContestResult): Omit<Choice, 'among'> {
  const { outcome, contenders, duels, confidence } = result;
  const ratioOf = (index: number): number =>
    presentValue(duels[index]?.ratio ?? missing(NOT_MEASURED))?.mean ?? Number.POSITIVE_INFINITY;
  const nearest = rivals.map((_, index) => index).sort((a, b) => ratioOf(a) - ratioOf(b))[0];
  const rival = nearest === undefined ? undefined : rivals[nearest];
  const duel = nearest === undefined ? undefined : duels[nearest];
  return {
    outcome,
    options: [leader, ...contenders.flatMap((index) => rivals[index] ?? [])].map(optionOf),
    runnerUp:
      rival === undefined || duel === undefined
        ? undefined
        : {
            cellKey: rival.row.cellKey,
            label: rival.row.label,
            ratio: duel.ratio,
            design: duel.design,
          },
    confidence,
  };
}

function optionOf({ row, throughput }: Candidate): ChoiceOption {
  const { cellKey, label, engineLabel, cell, values, confirmed } = row;
  const fresh = presentValue(
    confirmed?.['throughput'] ?? missing({ en: 'not measured again', ja: '再測定されていません' }),
  );
  const source = fresh === undefined ? values : (confirmed ?? values);
  const cost = (id: string): Maybe<Estimate> => source[id] ?? missing(NOT_MEASURED);
  return {
    cellKey,
    label,
    engine: engineLabel,
    precision: cell.precision,
    throughput: fresh ?? throughput,
    cost: {
      newTokens: cost(COSTS.newTokens),
      inputTokens: cost(COSTS.inputTokens),
      outputTokens: cost(COSTS.outputTokens),
    },
  };
}
