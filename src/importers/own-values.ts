/**
 * Our own metrics from the requests of a file that has them one by one. Each is computed by a dialect's metric that is
 * declared, and tested, to be the same number as ours; percentiles only where there are enough samples for them.
 */
import { compute, type DialectMetric } from '../dialects/dialect.ts';
import { DIALECTS } from '../dialects/registry.ts';
import { type DialectRequest, type DialectRun, gaps_ns, requestsOf } from '../dialects/run.ts';
import { type Maybe, mapMaybe, present } from '../kernel/maybe.ts';
import { findMetric } from '../metrics/registry.ts';
import { guardedPercentile } from '../stats/quantiles.ts';
import type { ImportedValue } from './imported.ts';

/** What the requests of a file tell of their events. */
export type Events = 'every-event' | 'first-and-last';

/** Metrics that need no more than the first and the last event. */
const FROM_ENDS = ['throughput', 'ttft', 'tpot', 'e2e'] as const;
const PERCENTILES = [
  ['itl-p95', 0.95],
  ['itl-p99', 0.99],
] as const;

/** Our metrics over `requests` as one run; none where there is no request. */
export function ownValues(requests: readonly DialectRequest[], events: Events): ImportedValue[] {
  if (requests.length === 0) return [];
  const run: DialectRun = { device: 'not stated', calls: [{ requests }] };
  const ends = FROM_ENDS.map((id) => own(id, sameAs(id, run), requests.length));
  if (events === 'first-and-last') return ends;
  const gaps = requestsOf(run).flatMap((request) => gaps_ns(request.events));
  return [
    ...ends,
    own('itl', sameAs('itl', run), gaps.length),
    ...PERCENTILES.map(([id, p]) =>
      own(
        id,
        mapMaybe(guardedPercentile(gaps, p), (ns) => ns / 1e9),
        gaps.length,
      ),
    ),
  ];
}

/** A value under the declaration of our metric `id`, computed from a file's samples. */
export function own(id: string, value: Maybe<number>, samples: number): ImportedValue {
  const metric = findMetric(id);
  if (metric === undefined) throw new Error(`no metric ${id}`);
  const { storedUnit, shown, better } = metric;
  return {
    name: id,
    from: 'samples',
    relation: { kind: 'same', own: id },
    storedUnit,
    shown,
    better,
    value,
    samples: present(samples),
  };
}

function sameAs(id: string, run: DialectRun): Maybe<number> {
  const metric = DIALECTS.flatMap(({ metrics }): readonly DialectMetric[] => metrics).find(
    ({ relation }) => relation.kind === 'same' && relation.own === id,
  );
  if (metric === undefined) throw new Error(`no dialect computes ${id}`);
  return compute(metric, run);
}
