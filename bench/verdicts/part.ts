/**
 * How often verdicts are wrong: simulated studies on the virtual clock, in kinds of noise that real machines show, with
 * claims whose truth is known (`claims.ts`): on what was timed (`times.ts`), and on facts (`facts.ts`). A study counts as
 * wrong where any of its claims is. Noise that drifts one way is counted apart: what a steady drift does between neighbours
 * in a launch cancels only as far as cells change places from round to round.
 */
import { isWrong, type JudgedClaim } from './claims.ts';
import { NOISES, type Noise, noiseAt } from './noises.ts';
import { judgeFacts, judgeTimes, judgeUneven } from './simulate.ts';
import { type SimulatedStudy, type StudyCounts, tally } from './tally.ts';

const STUDIES = 1000;
const DRIFTING_STUDIES = 100;
const ROUNDS = 5;
const FEW_ROUNDS = 3;

export interface VerdictsResult {
  readonly rounds: number;
  readonly noises: readonly string[];
  /** Studies of times, and studies of facts. */
  readonly times: StudyCounts;
  readonly facts: StudyCounts;
  /** Studies of times with as few rounds as a study may have, and of them those where engines differ in steadiness. */
  readonly fewRounds: number;
  readonly fewTimes: StudyCounts;
  readonly unevenTimes: StudyCounts;
  /** Studies of times under a steady drift. */
  readonly driftingStudies: number;
  readonly driftingStudiesWrong: number;
}

/** 1,000 studies of times and 1,000 of facts, five rounds each; and 2,000 of times, three rounds each. */
export async function benchVerdicts(say: (line: string) => void): Promise<VerdictsResult> {
  const times = await simulate('times', judgeTimes, ROUNDS, say);
  const facts = await simulate('facts', judgeFacts, ROUNDS, say);
  const fewTimes = await simulate('times of few rounds', judgeTimes, FEW_ROUNDS, say);
  const unevenTimes = await simulate('uneven times of few rounds', judgeUneven, FEW_ROUNDS, say);
  let driftingStudiesWrong = 0;
  for (let index = 0; index < DRIFTING_STUDIES; index += 1) {
    if ((await judgeTimes(index, ROUNDS, 'drift')).some(isWrong)) driftingStudiesWrong += 1;
  }
  return {
    rounds: ROUNDS,
    noises: NOISES,
    times: tally(times),
    facts: tally(facts),
    fewRounds: FEW_ROUNDS,
    fewTimes: tally(fewTimes),
    unevenTimes: tally(unevenTimes),
    driftingStudies: DRIFTING_STUDIES,
    driftingStudiesWrong,
  };
}

async function simulate(
  name: string,
  judge: (index: number, rounds: number, noise: Noise) => Promise<JudgedClaim[]>,
  rounds: number,
  say: (line: string) => void,
): Promise<SimulatedStudy[]> {
  const studies: SimulatedStudy[] = [];
  for (let index = 0; index < STUDIES; index += 1) {
    const noise = noiseAt(index);
    studies.push({ noise, claims: await judge(index, rounds, noise) });
    if ((index + 1) % 100 === 0) say(`  ${name}: ${index + 1} studies`);
  }
  return studies;
}
