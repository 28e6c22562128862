/** What each experiment of a study would take alone: its figure, measured in full. Pure. */
import { launchCost_ms } from '../schedule/budget.ts';
import type { Study } from '../study/study.ts';
import { costed } from './costed.ts';
import type { Plan } from './plan.ts';

export interface ExperimentTime {
  readonly id: string;
  readonly title: string;
  readonly cells: number;
  /** One round of its cells alone, starts and loads of their launches included. */
  readonly round_ms: number;
  /** The study's minimum of rounds. */
  readonly minimum_ms: number;
}

/** In the order of the study; experiments share cells, so that their times add up to more than that of the whole. */
export const experimentTimes = (
  { experiments, rounds }: Pick<Study, 'experiments' | 'rounds'>,
  { launches }: Pick<Plan, 'launches'>,
): ExperimentTime[] =>
  experiments.map(({ id, title }) => {
    const own = launches
      .map((launch) => ({
        ...launch,
        cells: launch.cells.filter((cell) => cell.experiments.includes(id)),
      }))
      .filter(({ cells }) => cells.length > 0);
    const round_ms = own.reduce((sum, launch) => sum + launchCost_ms(costed(launch)), 0);
    return {
      id,
      title,
      cells: own.reduce((sum, { cells }) => sum + cells.length, 0),
      round_ms,
      minimum_ms: round_ms * rounds.minimum,
    };
  });
