/**
 * Looking at the data while they come in, without paying for it in false alarms: after each launch (or block) from
 * `first` to `maximum` an interval is made at a level of its own, such that *all* of them cover the truth together with
 * the probability asked for. So a run may stop at any look and for any reason that it sees in the data (faster, slower,
 * equivalent, narrow enough, out of time), and the interval that it stops with keeps its promise.
 *
 * Repeated confidence intervals: Jennison, Turnbull, "Interim analyses: the repeated confidence interval approach",
 * JRSS B 51 (1989). The error is spent in proportion, alpha k / maximum by look k: error spending by Lan, DeMets, "Discrete
 * sequential boundaries for clinical trials", Biometrika 70 (1983), with the power family of Kim, DeMets, "Design and
 * analysis of group sequential tests based on the type I error spending rate function", Biometrika 74 (1987). The power
 * 1 lets large differences stop early (launches are dear), and leaves the last interval about a third wider than one
 * without looks; `bench/trust` measures both.
 *
 * The levels are exact for normal values of unknown variance, also at few launches, where the usual detour over normal
 * boundaries is not. With A_k the angle between (x_1 ... x_k) and the plane on which x sums to 0, t = sqrt(k - 1) tan A_k.
 * Under the null hypothesis the direction of x is uniform on the sphere and independent of its length, hence:
 * - A_k has the density cos^(k-2), and A_(k+1) depends on the past through A_k alone:
 *   sin A_(k+1) = (sqrt(k) sin A_k cos P + sin P) / sqrt(k + 1), with P independent of A_k, of density cos^(k-1);
 * - so the density of the paths that have not stopped is carried from look to look by numerical integration, as by
 *   Armitage, McPherson, Rowe, "Repeated significance tests on accumulating data", JRSS A 132 (1969).
 *
 * What it does not do: it holds for one comparison (Bonferroni or Holm over several is the caller's), and for looks up
 * to `maximum` alone; launches beyond it have no error left to spend.
 */
import type { Words } from '../kernel/language.ts';
import { type Maybe, missing, present } from '../kernel/maybe.ts';
import { LEVEL } from './estimate.ts';
import { upperTail } from './student-t.ts';

export interface SequentialDesign {
  /** Launches (or blocks) at the first look, at least 2. */
  readonly first: number;
  /** Launches at the last look. */
  readonly maximum: number;
  /** Coverage of all intervals together, 0.95 for 95 %. */
  readonly level: number;
  /** By launch from `first` to `maximum`. */
  readonly looks: readonly Look[];
}

export interface Look {
  readonly launches: number;
  /** Coverage of the interval of this look alone, e.g. 0.9914: what a t interval is to be made at. */
  readonly level: number;
}

/** Nodes of the angles: levels are then right to about 0.1 % of 1 - level. */
const NODES = 800;
const STEP_NODES = 400;

/** A study asks for few designs, many times. */
const known = new Map<string, SequentialDesign>();

/** Looks after every launch from `first` (>= 2) to `maximum` (>= first). @throws RangeError outside of that */
export function sequentialDesign(first: number, maximum: number, level: number = LEVEL): SequentialDesign {
  const key = `${first}/${maximum}/${level}`;
  const design = known.get(key) ?? computeDesign(first, maximum, level);
  known.set(key, design);
  return design;
}

function computeDesign(first: number, maximum: number, level: number): SequentialDesign {
  if (!Number.isInteger(first) || !Number.isInteger(maximum) || first < 2 || maximum < first)
    throw new RangeError(`no looks from ${first} to ${maximum} launches`);
  const spentBy = (launches: number): number => ((1 - level) * launches) / maximum;
  const looks: Look[] = [];
  let paths = uniformDirections(first);
  for (let launches = first; launches <= maximum; launches += 1) {
    const before = launches === first ? 0 : spentBy(launches - 1);
    const boundary = stop(paths, spentBy(launches) - before);
    const t = Math.sqrt(launches - 1) * Math.tan(boundary);
    looks.push({ launches, level: 1 - 2 * upperTail(t, launches - 1) });
    if (launches < maximum) paths = oneLaunchMore(paths, launches);
  }
  return { first, maximum, level, looks };
}

/** The level at which to make the interval after `launches`; missing where no look was planned. */
export function levelAtLook(design: SequentialDesign, launches: number): Maybe<number> {
  const look = design.looks.find((one) => one.launches === launches);
  if (look !== undefined) return present(look.level);
  return missing(
    launches < design.first
      ? { en: `no look before ${design.first} launches`, ja: `起動 ${design.first} 回の前には確認しません` }
      : {
          en: `looks were planned up to ${design.maximum} launches`,
          ja: `確認の予定は起動 ${design.maximum} 回までです`,
        },
  );
}

/** Why an estimate has no interval, where `reason` is why it has none. */
export const noInterval = ({ en, ja }: Words): Words => ({
  en: `no interval: ${en}`,
  ja: `区間なし: ${ja}`,
});

/** A level that is enough at any look: that of the strictest. */
export const strictestLevel = ({ looks, level }: SequentialDesign): number =>
  Math.max(level, ...looks.map((look) => look.level));

/** Probability by cell of angle, from -pi/2 to pi/2. */
type Paths = Float64Array;

const CELL: number = Math.PI / NODES;
const angleOf = (cell: number): number => -Math.PI / 2 + (cell + 0.5) * CELL;

/** The angles of `launches` values, nothing stopped yet. */
function uniformDirections(launches: number): Paths {
  const paths = Float64Array.from({ length: NODES }, (_, cell) => Math.cos(angleOf(cell)) ** (launches - 2));
  const total = paths.reduce((sum, mass) => sum + mass, 0);
  return paths.map((mass) => mass / total);
}

/** Takes the probability `error` off both ends of `paths`, in place. @returns the angle beyond which paths stop */
function stop(paths: Paths, error: number): number {
  let left = error / 2;
  let cell = 0;
  while (cell < NODES / 2 && (paths[cell] ?? 0) < left) {
    left -= paths[cell] ?? 0;
    scale(paths, cell, 0);
    cell += 1;
  }
  const mass = paths[cell] ?? 0;
  const share = mass === 0 ? 0 : left / mass;
  scale(paths, cell, 1 - share);
  return Math.PI / 2 - (cell + share) * CELL;
}

/** Both ends alike: the density is symmetric. */
function scale(paths: Paths, cell: number, factor: number): void {
  for (const at of [cell, NODES - 1 - cell]) paths[at] = (paths[at] ?? 0) * factor;
}

/** The angles of `launches` + 1 values, of the paths that have not stopped. */
function oneLaunchMore(paths: Paths, launches: number): Paths {
  const steps = Array.from({ length: STEP_NODES }, (_, i) => {
    const angle = -Math.PI / 2 + ((i + 0.5) * Math.PI) / STEP_NODES;
    return { sine: Math.sin(angle), cosine: Math.cos(angle), weight: Math.cos(angle) ** (launches - 1) };
  });
  const total = steps.reduce((sum, { weight }) => sum + weight, 0);
  const next = new Float64Array(NODES);
  for (const [cell, mass] of paths.entries()) {
    if (mass === 0) continue;
    const reach = Math.sqrt(launches) * Math.sin(angleOf(cell));
    for (const { sine, cosine, weight } of steps) {
      const angle = Math.asin(clamped((reach * cosine + sine) / Math.sqrt(launches + 1), -1, 1));
      const position = clamped((angle + Math.PI / 2) / CELL - 0.5, 0, NODES - 1);
      const below = Math.min(NODES - 2, Math.floor(position));
      const share = (mass * weight) / total;
      next[below] = (next[below] ?? 0) + share * (1 - position + below);
      next[below + 1] = (next[below + 1] ?? 0) + share * (position - below);
    }
  }
  return next;
}

const clamped = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
