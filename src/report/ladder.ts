/**
 * Ladders of a study: what each step gains over the one that it builds on, and over the first. Gains are ratios of
 * throughput, paired by round where the two steps share rounds, each with its own 95 % interval (not corrected for their
 * number). Where they share too few, the ratio is not paired, and is marked so.
 */

import { AXIS_KEYS, type AxisKey, axisOf } from '../axes/registry.ts';
import type { TechniqueId } from '../engines/techniques.ts';
import type { JournalState } from '../journal/state.ts';
import type { Words } from '../kernel/language.ts';
import { type Maybe, mapMaybe, missing } from '../kernel/maybe.ts';
import { type Contrast, contrast } from '../stats/contrast.ts';
import type { Estimate } from '../stats/estimate.ts';
import { isStepCell, type LadderSetting } from '../study/ladder-cells.ts';
import type { Experiment } from '../study/study.ts';
import { type ObservedCell, roundsOf } from '../verdicts/observed.ts';
import { estimateOf } from '../verdicts/quantity.ts';
import type { ReportInput } from './input.ts';
import { type KvMemory, kvMemory } from './kv-memory.ts';

const METRIC = 'throughput';

export interface LadderSection {
  readonly id: string;
  readonly title: string;
  readonly engine: string;
  readonly steps: readonly LadderStepFacts[];
  readonly panels: readonly LadderPanel[];
}

export interface LadderStepFacts {
  readonly name: string;
  readonly technique: TechniqueId | null;
  /** The step that it builds on; null for the first. */
  readonly from: string | null;
  readonly changes: readonly string[];
}

/** The ladder at one setting of the axes that the experiment varies. */
export interface LadderPanel {
  /** `batch 16, 512 tokens in`; empty where nothing varies. */
  readonly name: Words;
  /** One for each step, in order. */
  readonly rungs: readonly Rung[];
  readonly kvMemory: Maybe<KvMemory>;
}

export interface Rung {
  readonly step: string;
  /** null where the cell is not of the study: it was excluded. */
  readonly cellKey: string | null;
  /** Tokens per second. */
  readonly throughput: Maybe<Estimate>;
  /** Throughput over that of the step that it builds on; of the first step missing. */
  readonly gain: Maybe<Estimate>;
  /** Throughput over that of the first step. */
  readonly total: Maybe<Estimate>;
  /** Ratios of this step whose two cells share too few rounds to be paired: a drift of the machine is in them. */
  readonly notPaired: readonly ('gain' | 'total')[];
}

interface LadderContext {
  readonly input: ReportInput;
  readonly state: JournalState;
  /** Throughput by cell, as the table has it. */
  readonly rows: readonly {
    readonly cellKey: string;
    readonly values: Readonly<Record<string, Maybe<Estimate>>>;
  }[];
  readonly observed: readonly ObservedCell[];
}

/** One section for each experiment that is a ladder, in the order of the study. */
export function ladderSections(context: LadderContext): LadderSection[] {
  return context.input.study.experiments
    .filter(({ ladder }) => ladder.length > 0)
    .map((experiment) => {
      const { id, title, ladder } = experiment;
      return {
        id,
        title,
        engine: ladder[0]?.engine.label ?? '',
        steps: ladder.map(({ name, technique, from, changes }) => ({
          name,
          technique: technique ?? null,
          from: from ?? null,
          changes,
        })),
        panels: panelSettings(experiment).map((setting) => panelOf(experiment, setting, context)),
      };
    });
}

/** Every combination of the values that the experiment varies. */
function panelSettings({ axes }: Experiment): LadderSetting[] {
  let settings: LadderSetting[] = [{}];
  for (const key of AXIS_KEYS) {
    if (axes[key].length > 1) {
      settings = settings.flatMap((setting) => axes[key].map((value) => ({ ...setting, [key]: value })));
    }
  }
  return settings;
}

function panelOf({ id, ladder }: Experiment, setting: LadderSetting, context: LadderContext): LadderPanel {
  const { input, state, rows, observed } = context;
  const own = new Set(
    [...input.cells, ...input.skipped].flatMap(({ cellKey, experiments }) =>
      experiments.includes(id) ? [cellKey] : [],
    ),
  );
  const candidates = observed.filter(({ cellKey }) => own.has(cellKey));
  const cells = ladder.map((step) => candidates.find(isStepCell(step, setting, input.study.logicalCpus)));
  const rungs = ladder.map((step, index): Rung => {
    const cell = cells[index];
    const below = ladder.findIndex(({ name }) => name === step.from);
    const gain =
      index === 0 ? missing({ en: 'the first step', ja: '最初の段です' }) : ratio(cell, cells[below]);
    const total = index === 0 ? missing({ en: 'the first step', ja: '最初の段です' }) : ratio(cell, cells[0]);
    return {
      step: step.name,
      cellKey: cell?.cellKey ?? null,
      throughput: throughputOf(cell, rows),
      gain: estimated(gain),
      total: estimated(total),
      notPaired: [
        ...(isPaired(gain) ? [] : (['gain'] as const)),
        ...(isPaired(total) ? [] : (['total'] as const)),
      ],
    };
  });
  return { name: nameOf(setting), rungs, kvMemory: kvMemory(cells, input.cells, state) };
}

const nameOf = (setting: LadderSetting): Words => {
  const parts = Object.entries(setting).map(([key, value]) => axisOf(key as AxisKey).label(value));
  return { en: parts.map(({ en }) => en).join(', '), ja: parts.map(({ ja }) => ja).join('、') };
};

const EXCLUDED: Words = { en: 'excluded by the study', ja: 'スタディで除外' };

function throughputOf(cell: ObservedCell | undefined, rows: LadderContext['rows']): Maybe<Estimate> {
  if (cell === undefined) return missing(EXCLUDED);
  if (cell.state.kind === 'absent') return missing(cell.state.reason);
  return (
    rows.find(({ cellKey }) => cellKey === cell.cellKey)?.values[METRIC] ??
    missing({ en: 'no value', ja: '値がありません' })
  );
}

const estimated = (found: Maybe<Contrast>): Maybe<Estimate> =>
  mapMaybe(found, (value) => estimateOf(value, Math.exp));

const isPaired = (found: Maybe<Contrast>): boolean => found.kind === 'missing' || found.value.paired;

/** The logarithm of throughput over throughput. */
function ratio(above: ObservedCell | undefined, below: ObservedCell | undefined): Maybe<Contrast> {
  if (above === undefined) return missing(EXCLUDED);
  if (above.state.kind === 'absent') return missing(above.state.reason);
  if (below === undefined || below.state.kind === 'absent')
    return missing({ en: 'the step that it builds on has no value', ja: '土台の段に値がありません' });
  return contrast([
    { weight: 1, rounds: roundsOf(above, METRIC, Math.log) },
    { weight: -1, rounds: roundsOf(below, METRIC, Math.log) },
  ]);
}
