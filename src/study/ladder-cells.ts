/** Which cells are a step of a ladder: by what they are, whatever part of the study named them first. */
import type { AxisValue } from '../axes/axis.ts';
import { matches, type NamedCell } from '../axes/pattern.ts';
import type { AxisKey } from '../axes/registry.ts';
import type { Experiment, LadderStep } from './study.ts';

/** Values of the axes that an experiment varies; others are left out. */
export type LadderSetting = Readonly<Partial<Record<AxisKey, AxisValue>>>;

/**
 * Whether a cell is `step` at `setting` (at any where it is empty). Slots are compared by themselves: static batching
 * has one per sequence, and more than there are requests stay empty.
 */
export function isStepCell(
  step: LadderStep,
  setting: LadderSetting,
  logicalCpus: number,
): (one: NamedCell) => boolean {
  const varied = Object.fromEntries(Object.entries(setting).map(([key, value]) => [key, [value]])) as Partial<
    LadderStep['axes']
  >;
  const { slots, ...axes } = { ...step.axes, ...varied };
  const pattern = { model: [step.model], engine: [step.engine.id], options: step.engine.options, axes };
  return (one) => {
    const { batch, batching } = one.cell;
    const meant = (asked: AxisValue): number =>
      batching === 'continuous' && typeof asked === 'number' ? Math.min(asked, batch) : batch;
    return slots.some((asked) => one.cell.slots === meant(asked)) && matches(pattern, one, logicalCpus);
  };
}

/** `2. KV cache` for each step of `experiments` that the cell is, in order. */
export const stepNames = (
  one: NamedCell & { readonly experiments: readonly string[] },
  experiments: readonly Experiment[],
  logicalCpus: number,
): string[] =>
  experiments
    .filter(({ id }) => one.experiments.includes(id))
    .flatMap(({ ladder }) =>
      ladder.flatMap((step, index) =>
        isStepCell(step, {}, logicalCpus)(one) ? [`${index + 1}. ${step.name}`] : [],
      ),
    );
