/**
 * Hartigan's dip: the least distance between the empirical distribution and any distribution with one mode, a measure of
 * having two. Source: Hartigan, Hartigan, "The dip test of unimodality", Annals of Statistics 13 (1985); Hartigan,
 * Algorithm AS 217, Applied Statistics 34 (1985), with Maechler's corrections (R package diptest). The interval in which
 * the mode may lie shrinks until the two hulls of the distribution differ by no more than the dip found so far.
 */
import type { RandomStream } from '../kernel/random.ts';
import { sorted } from './quantiles.ts';

/** Resolves p to a thousandth. */
const SAMPLES = 999;
/**
 * A larger sample is judged by the dip times the root of its size among samples of this size: that distribution converges
 * (Hartigan, Hartigan, theorem 3), and hundreds of samples of a million values would take minutes.
 */
const LARGEST_SAMPLE = 2000;

/** In [1 / (2n), 1/4]; 0 for no values. */
export function dip(values: readonly number[]): number {
  const x = sorted(values);
  const n = x.length;
  if (n === 0) return 0;
  const at = (index: number): number => x[index] ?? Number.NaN;
  if (at(0) === at(n - 1)) return 1 / (2 * n);
  const below = hullSteps(x, 1);
  const above = hullSteps(x, -1);
  let low = 0;
  let high = n - 1;
  let largest = 1;
  for (;;) {
    // Vertices of the greatest convex minorant from the top down, and of the least concave majorant from the bottom up.
    const minorant = walk(below, high, low);
    const majorant = walk(above, low, high);
    const gap = widestGap(x, minorant, majorant);
    if (gap.distance < largest) break;
    const left = minorant.slice(gap.minorantAt);
    const right = majorant.slice(gap.majorantAt);
    largest = Math.max(largest, deviation(x, left.reverse(), 1), deviation(x, right, -1));
    const [nextLow, nextHigh] = [minorant[gap.minorantAt] ?? low, majorant[gap.majorantAt] ?? high];
    if (nextLow === low && nextHigh === high) break;
    low = nextLow;
    high = nextHigh;
  }
  return largest / (2 * n);
}

/**
 * The probability that a uniform sample of the same size has as large a dip, by simulation: the uniform has the largest
 * dips of all distributions with one mode, so that the test errs to the quiet side.
 */
export function dipP(values: readonly number[], stream: RandomStream): number {
  const size = Math.min(values.length, LARGEST_SAMPLE);
  const observed = dip(values) * Math.sqrt(values.length / size);
  let asLarge = 1;
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    if (dip(Array.from({ length: size }, () => stream.next())) >= observed) asLarge += 1;
  }
  return asLarge / (SAMPLES + 1);
}

/**
 * For each index the vertex before it (`side` 1: convex minorant, seen from the left) or after it (-1: concave majorant,
 * from the right).
 */
function hullSteps(x: Float64Array, side: 1 | -1): Int32Array {
  const n = x.length;
  const steps = new Int32Array(n);
  const first = side === 1 ? 0 : n - 1;
  const at = (index: number): number => x[index] ?? Number.NaN;
  const step = (index: number): number => steps[index] ?? 0;
  steps[first] = first;
  for (let count = 1; count < n; count += 1) {
    const here = first + side * count;
    let vertex = here - side;
    while (vertex !== first) {
      const beyond = step(vertex);
      if ((at(here) - at(vertex)) * (vertex - beyond) < (at(vertex) - at(beyond)) * (here - vertex)) break;
      vertex = beyond;
    }
    steps[here] = vertex;
  }
  return steps;
}

function walk(steps: Int32Array, from: number, to: number): number[] {
  const path = [from];
  for (let vertex = from; vertex !== to; ) {
    vertex = steps[vertex] ?? to;
    path.push(vertex);
  }
  return path;
}

interface Gap {
  /** In steps of the empirical distribution. */
  readonly distance: number;
  /** Positions in the two paths from which the hulls are looked at. */
  readonly minorantAt: number;
  readonly majorantAt: number;
}

/** The widest distance between the hulls, at a vertex of either; the paths as `walk` gives them. */
function widestGap(x: Float64Array, minorant: readonly number[], majorant: readonly number[]): Gap {
  if (minorant.length === 2 && majorant.length === 2) return { distance: 1, minorantAt: 1, majorantAt: 1 };
  const at = (index: number): number => x[index] ?? Number.NaN;
  const lower = (position: number): number => minorant[position] ?? 0;
  const upper = (position: number): number => majorant[position] ?? 0;
  let gap: Gap = { distance: 0, minorantAt: minorant.length - 1, majorantAt: majorant.length - 1 };
  let i = minorant.length - 2;
  let j = 1;
  do {
    if (lower(i) > upper(j)) {
      const [from, to] = [lower(i + 1), lower(i)];
      const distance = upper(j) - from + 1 - ((at(upper(j)) - at(from)) * (to - from)) / (at(to) - at(from));
      if (distance >= gap.distance) gap = { distance, minorantAt: i + 1, majorantAt: j };
      j += 1;
    } else {
      const [from, to] = [upper(j - 1), upper(j)];
      const distance =
        ((at(lower(i)) - at(from)) * (to - from)) / (at(to) - at(from)) - (lower(i) - from - 1);
      if (distance >= gap.distance) gap = { distance, minorantAt: i, majorantAt: j };
      i -= 1;
    }
    i = Math.max(0, i);
    j = Math.min(majorant.length - 1, j);
  } while (lower(i) !== upper(j));
  return gap;
}

/** The largest distance of the empirical distribution from the chords between ascending vertices; at least 1 step. */
function deviation(x: Float64Array, vertices: readonly number[], side: 1 | -1): number {
  let largest = 0;
  const at = (index: number): number => x[index] ?? Number.NaN;
  for (const [position, end] of vertices.entries()) {
    const begin = vertices[position - 1];
    if (begin === undefined) continue;
    largest = Math.max(largest, 1);
    if (end - begin <= 1 || at(end) === at(begin)) continue;
    const perUnit = (end - begin) / (at(end) - at(begin));
    for (let i = begin; i <= end; i += 1) {
      const chord = (at(i) - at(begin)) * perUnit;
      largest = Math.max(largest, side === 1 ? i - begin + 1 - chord : chord - (i - begin - 1));
    }
  }
  return largest;
}
