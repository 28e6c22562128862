/**
 * A claim of a study, as data: what is said, of which cells, and the margin beyond which it counts. Its kind says how it
 * is tested; kinds are one file each in `kinds/`.
 */

import type { CellPattern } from '../axes/pattern.ts';
import type { AxisKey } from '../axes/registry.ts';

/** What every claim has. */
export interface ClaimCommon {
  readonly id: string;
  /** The conclusion in words. */
  readonly statement: string;
  /** `explanation`: it says why another claim holds. */
  readonly role: 'claim' | 'explanation';
  /** The class of device that it was made for; measured on another one it carries over or does not. */
  readonly device: DeviceClass;
  /** What a reader should know: choices of ours, what differs from the original. */
  readonly note: string | undefined;
  /** Engines that may stand in for one that does not run here: beside the verdict, never as it. */
  readonly analogues: Readonly<Record<string, string>>;
}

export type DeviceClass = 'cpu' | 'gpu' | 'any';

/** A claim of any kind; `parameters` are those of its kind, already checked. */
export interface Claim extends ClaimCommon {
  readonly kind: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** A margin on a ratio or a share: at least, at most, or between. */
export interface Bounds {
  readonly atLeast?: number | undefined;
  readonly atMost?: number | undefined;
}

/** A choice of cells that a claim rests on, for checks before anything runs. */
export interface Selected {
  /** Place inside the claim: `of`. */
  readonly path: string;
  /** Cells that match all of them. */
  readonly patterns: readonly CellPattern[];
  /** The axis along which they must differ. */
  readonly along?: AxisKey;
}
