/**
 * The fewest of the most likely tokens whose mass reaches a target: top-k with a mass of 1 each, top-p with their
 * probabilities. Tokens are ordered by logit, descending, equal ones by id, ascending, so that the set is always exact.
 * A histogram over the logits finds the bucket in which the target is reached, and only that bucket is sorted: 50,000
 * tokens need no sort of 50,000.
 */

/** The last token that is kept: a token is kept where its logit is higher, or equal and its id not higher. */
export interface Cut {
  readonly logit: number;
  readonly id: number;
}

const BUCKETS = 2048;
const masses = new Float64Array(BUCKETS);

export interface Candidates {
  readonly count: number;
  /** Ids, ascending; the first `count` of the array. */
  readonly ids: Int32Array;
  /** Logit of candidate i, finite. */
  readonly logits: Float64Array;
}

/**
 * The cut of `candidates` at `target`, above 0; undefined where all of them do not reach it.
 * @param massOf of candidate i, above 0
 */
export function cutAt(
  { count, ids, logits }: Candidates,
  massOf: (i: number) => number,
  target: number,
): Cut | undefined {
  let highest = Number.NEGATIVE_INFINITY;
  let lowest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < count; i += 1) {
    const logit = logits[i] as number;
    if (logit > highest) highest = logit;
    if (logit < lowest) lowest = logit;
  }
  // Bucket 0 has the highest logits.
  const scale = highest > lowest ? (BUCKETS - 1) / (highest - lowest) : 0;
  const bucketOf = (i: number): number => Math.floor((highest - (logits[i] as number)) * scale);
  masses.fill(0);
  for (let i = 0; i < count; i += 1) {
    const bucket = bucketOf(i);
    masses[bucket] = (masses[bucket] as number) + massOf(i);
  }
  let reached = 0;
  let bucket = 0;
  while (bucket < BUCKETS && reached + (masses[bucket] as number) < target) {
    reached += masses[bucket] as number;
    bucket += 1;
  }
  if (bucket === BUCKETS) return undefined;
  const members: number[] = [];
  for (let i = 0; i < count; i += 1) if (bucketOf(i) === bucket) members.push(i);
  // Candidates ascend by id, and the sort is stable.
  members.sort((a, b) => (logits[b] as number) - (logits[a] as number));
  let last = members[0] as number;
  for (const member of members) {
    last = member;
    reached += massOf(member);
    if (reached >= target) break;
  }
  return { logit: logits[last] as number, id: ids[last] as number };
}

/** Whether a token stays. */
export const isKept = (cut: Cut, logit: number, id: number): boolean =>
  logit > cut.logit || (logit === cut.logit && id <= cut.id);
