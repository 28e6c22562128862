/**
 * How often verdicts are wrong: simulated studies on the virtual clock, in kinds of noise that real machines show, with
 * claims whose truth is known (`claims.ts`): on what was timed (`times.ts`), and on facts (`facts.ts`). A study counts as
 * wrong where any of its claims is. Noise that drifts one way is counted apart: what a steady drift does between neighbours
 * in a launch cancels only as far as cells change places from round to round.
 */
import { isWrong, type JudgedClaim } from './claims.ts';
import { NOISES, type Noise, noiseAt } from './noises.ts';
import { judgeFacts, judgeTimes } from './simulate.ts';
import { type SimulatedStudy, type StudyCounts, tally } from './tally.ts';

const STUDIES = 1000;
const DRIFTING_STUDIES = 100;
const ROUNDS = 5;

export interface VerdictsResult {
  readonly rounds: number;
  readonly noises: readonly string[];
  /** Studies of times, and studies of facts. */
  readonly times: StudyCounts;
  readonly facts: StudyCounts;
  /** Studies of times under a steady drift. */
  readonly driftingStudies: number;
  readonly driftingStudiesWrong: number;
}

/** 1,000 studies of times and 1,000 of facts, five rounds each. */
export async function benchVerdicts(say: (line: string) => void): Promise<VerdictsResult> {
  const times = await simulate('times', judgeTimes, say);
  const facts = await simulate('facts', judgeFacts, say);
  let driftingStudiesWrong = 0;
  for (let index = 0; index < DRIFTING_STUDIES; index += 1) {
    if ((await judgeTimes(index, ROUNDS, 'drift')).some(isWrong)) driftingStudiesWrong += 1;
  }
  return {
    rounds: ROUNDS,
    noises: NOISES,
    times: tally(times),
    facts: tally(facts),
    driftingStudies: DRIFTING_STUDIES,
    driftingStudiesWrong,
  };
}

async function simulate(
  name: string,
  judge: (index: number, rounds: number, noise: Noise) => Promise<JudgedClaim[]>,
  say: (line: string) => void,
): Promise<SimulatedStudy[]> {
  const studies: SimulatedStudy[] = [];
  for (let index = 0; index < STUDIES; index += 1) {
    const noise = noiseAt(index);
    studies.push({ noise, claims: await judge(index, ROUNDS, noise) });
    if ((index + 1) % 100 === 0) say(`  ${name}: ${index + 1} studies`);
  }
  return studies;
}
