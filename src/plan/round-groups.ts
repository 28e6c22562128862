/** Which blocks go through their rounds together: all, but for models whose converted copies are removed. */
import type { Plan, PlannedBlock } from './plan.ts';

export interface RoundGroup {
  readonly blocks: readonly PlannedBlock[];
  /** The model whose copies are removed; undefined in the group of those that keep theirs. */
  readonly evicted: string | undefined;
}

/** Groups in their order; without a limit of copies there is one. */
export function roundGroups(plan: Plan): RoundGroup[] {
  const models = new Map(plan.launches.map(({ key, identity }) => [key, identity.model]));
  const evicted = plan.copies?.evicted.map(({ model }) => model) ?? [];
  const modelOf = ({ launches }: PlannedBlock): string | undefined => models.get(launches[0] ?? '');
  const groups = [
    { blocks: plan.blocks.filter((block) => !evicted.includes(modelOf(block) ?? '')), evicted: undefined },
    ...evicted.map((model) => ({
      blocks: plan.blocks.filter((block) => modelOf(block) === model),
      evicted: model,
    })),
  ];
  return groups.filter(({ blocks }) => blocks.length > 0);
}
