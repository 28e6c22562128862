/**
 * Converted copies that engines keep in the cache, held against a limit. Models whose copies fit are measured together,
 * round by round, and keep theirs. Each of the others is measured alone, all of its rounds one after another; its copies are
 * removed at its end where they fit beside the kept ones, and otherwise within every round as soon as no later launch of the
 * round needs them: then a later round makes them again.
 */

/** What launches share that are served by one copy. */
export interface CopyKey {
  readonly model: string;
  readonly engine: string;
  readonly engineVersion: string | undefined;
  readonly precision: string;
}

/** One copy, with its size and the workloads that it serves. */
export interface Copy {
  readonly model: string;
  readonly bytes: number;
  /** Whether cells of several workloads, which may lie in several blocks, need it. */
  readonly isShared: boolean;
}

export interface EvictedModel {
  readonly model: string;
  /** When its copies are removed: at the end of its rounds, or within each. */
  readonly until: 'model-ended' | 'round-needs-none';
  /** Of all its copies together. */
  readonly bytes: number;
}

export interface CopyPlan {
  readonly limitBytes: number;
  /** In the order in which they are measured, after the models that keep their copies. */
  readonly evicted: readonly EvictedModel[];
  /** Largest size of all copies at any time, by the estimates. */
  readonly peakBytes: number;
}

export const copyKey = ({ model, engine, engineVersion, precision }: CopyKey): string =>
  [model, engine, engineVersion ?? '', precision].join(' ');

/**
 * Which models keep their copies: as many of the smallest as leave room for all copies of each of the others, and for what
 * a round needs at a time of one whose copies exceed the limit even alone.
 */
export function copyPlan(copies: Iterable<Copy>, limitBytes: number): CopyPlan {
  const byModel = new Map<string, Copy[]>();
  for (const copy of copies) byModel.set(copy.model, [...(byModel.get(copy.model) ?? []), copy]);
  const models = [...byModel]
    .map(([model, own]): SizedModel => ({ model, own, bytes: total(own) }))
    .sort((a, b) => a.bytes - b.bytes);
  for (let kept = models.length; kept > 0; kept -= 1) {
    const plan = keeping(models, kept, limitBytes);
    const isWhole = plan.evicted.every(({ until, bytes }) => until === 'model-ended' || bytes > limitBytes);
    if (isWhole && plan.peakBytes <= limitBytes) return plan;
  }
  return keeping(models, 0, limitBytes);
}

interface SizedModel {
  readonly model: string;
  readonly own: readonly Copy[];
  readonly bytes: number;
}

/** The first `kept` of `models` keep theirs. */
function keeping(models: readonly SizedModel[], kept: number, limitBytes: number): CopyPlan {
  const keptBytes = models.slice(0, kept).reduce((sum, { bytes }) => sum + bytes, 0);
  const apart = models.slice(kept).map(({ model, own, bytes }) => {
    const isWhole = keptBytes + bytes <= limitBytes;
    const until: EvictedModel['until'] = isWhole ? 'model-ended' : 'round-needs-none';
    return { evicted: { model, until, bytes }, peakBytes: isWhole ? bytes : peakOfRound(own) };
  });
  return {
    limitBytes,
    evicted: apart.map(({ evicted }) => evicted),
    peakBytes: keptBytes + Math.max(0, ...apart.map(({ peakBytes }) => peakBytes)),
  };
}

/** Copies that several blocks need stay for the round; of the others there is one at a time. */
function peakOfRound(copies: readonly Copy[]): number {
  const single = copies.filter(({ isShared }) => !isShared).map(({ bytes }) => bytes);
  return total(copies.filter(({ isShared }) => isShared)) + Math.max(0, ...single);
}

const total = (copies: readonly Copy[]): number => copies.reduce((sum, { bytes }) => sum + bytes, 0);
