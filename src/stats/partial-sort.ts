/**
 * Sorting only where it is looked at: a median or a high percentile of many values needs a few places of the ascending
 * order, not all of it. Source: Hoare, "Algorithm 65: find", Communications of the ACM 4 (1961), with the median of three
 * as pivot; where pivots are unlucky the rest is sorted in full, so that no order of values takes quadratic time.
 */

/** Shorter parts are sorted by insertion. */
const SMALL = 24;

/**
 * Rearranges `values[begin, end)` so that the places `low` to `high` (both included, within that range) hold what ascending
 * order would put there; smaller values stand before them and larger ones after, in any order.
 */
export function sortPlaces(
  values: Float64Array,
  low: number,
  high: number,
  begin = 0,
  end: number = values.length,
): void {
  let [from, to] = [begin, end];
  let patience = 2 * Math.ceil(Math.log2(Math.max(2, to - from)));
  while (to - from > SMALL) {
    if (patience === 0) {
      values.subarray(from, to).sort();
      return;
    }
    patience -= 1;
    const [left, right] = partition(values, from, to);
    const [inLeft, inRight] = [low <= left, high >= right];
    if (inLeft && inRight) {
      sortPlaces(values, low, left, from, left + 1);
      from = right;
    } else if (inLeft) to = left + 1;
    else if (inRight) from = right;
    else return;
  }
  insertionSort(values, from, to);
}

/** Splits [from, to): up to `left` nothing exceeds the pivot, from `right` on nothing is below it, between them all equal it. */
function partition(values: Float64Array, from: number, to: number): readonly [left: number, right: number] {
  const at = (index: number): number => values[index] ?? Number.NaN;
  const pivot = middle(at(from), at((from + to) >>> 1), at(to - 1));
  let [left, right] = [from, to - 1];
  while (left <= right) {
    while (at(left) < pivot) left += 1;
    while (at(right) > pivot) right -= 1;
    if (left <= right) {
      const kept = at(left);
      values[left] = at(right);
      values[right] = kept;
      left += 1;
      right -= 1;
    }
  }
  return [right, left];
}

const middle = (a: number, b: number, c: number): number =>
  Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));

function insertionSort(values: Float64Array, from: number, to: number): void {
  for (let i = from + 1; i < to; i += 1) {
    const value = values[i] ?? Number.NaN;
    let place = i;
    for (; place > from; place -= 1) {
      const before = values[place - 1] ?? Number.NaN;
      if (before <= value) break;
      values[place] = before;
    }
    values[place] = value;
  }
}
