/** Two profiles side by side, per decode step. */
import { type Maybe, mapMaybe, presentValue } from '../kernel/maybe.ts';
import type { Profile } from '../protocol/sample.ts';
import type { OperatorDifference, OperatorTime } from './model.ts';

/** Every operator of either side, the largest difference of time first. */
export function operatorDifferences(a: Maybe<Profile>, b: Maybe<Profile>): OperatorDifference[] {
  const [timesA, timesB] = [times(presentValue(a)), times(presentValue(b))];
  const difference = (name: string): number =>
    Math.abs((timesA.get(name)?.step_ns ?? 0) - (timesB.get(name)?.step_ns ?? 0));
  return [...new Set([...timesA.keys(), ...timesB.keys()])]
    .sort((one, other) => difference(other) - difference(one))
    .map((name) => ({ name, a: timesA.get(name), b: timesB.get(name) }));
}

function times(profile: Profile | undefined): Map<string, OperatorTime> {
  if (profile === undefined) return new Map();
  const { steps, elapsed_ns, operators } = profile;
  return new Map(
    operators.map(({ name, calls, time_ns }) => [
      name,
      { callsPerStep: calls / steps, step_ns: time_ns / steps, share: time_ns / elapsed_ns },
    ]),
  );
}

/** The share of the profiled steps in which no kernel ran; kernels that overlap leave none. */
export const idleShare = (profile: Maybe<Profile>): Maybe<number> =>
  mapMaybe(profile, ({ operators, elapsed_ns }) =>
    Math.max(0, 1 - operators.reduce((sum, { time_ns }) => sum + time_ns, 0) / elapsed_ns),
  );
