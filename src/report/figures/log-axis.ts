/**
 * Values with intervals on a logarithmic axis. It has no zero, and an interval over two launches may reach next to it: the
 * axis would be stretched for that one end, and all that a reader compares squeezed together. So such an end is cut off and marked.
 */

/** A mean with the ends of its interval; both are the mean where it has none. */
export interface Drawn {
  readonly throughput: number;
  readonly low: number;
  readonly high: number;
}

/** Where an interval that reaches further down is cut off; undefined where it is drawn whole. */
export interface Cut {
  readonly cutAt: number | undefined;
}

/** Of the smallest value, this share is as far down as an interval is drawn. */
const SHOWN_BELOW = 1 / 3;

/** The same points in the same order, with the lower ends as they are drawn. */
export function onLogAxis<Point extends Drawn>(points: readonly Point[]): (Point & Cut)[] {
  const floor = Math.min(...points.map(({ throughput }) => throughput)) * SHOWN_BELOW;
  return points.map((point) =>
    point.low < floor ? { ...point, low: floor, cutAt: floor } : { ...point, cutAt: undefined },
  );
}

/** Vega-Lite's filter and mark of cut ends; the encoding, with `cutAt` along the axis, is the figure's. */
export const cutMark = (shape: 'triangle-down' | 'triangle-left') => ({
  transform: [{ filter: 'isValid(datum.cutAt)' }],
  mark: { type: 'point' as const, filled: true, size: 30, opacity: 1, shape },
});

/** The values of 1, 2 and 5 times a power of ten within a logarithmic axis. */
export function logTicks(low: number, high: number): number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += 1) {
    for (const first of [1, 2, 5]) {
      const tick = Number(`${first}e${power}`);
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  }
  return ticks;
}
