/** One side of a comparison: something that generates, in a process of its own. */
import type { Generation } from '../baselines/job.ts';

export interface Side {
  readonly name: string;
  /** Root of its process tree, for the account of CPU time. */
  readonly pid: number;
  generate(): Promise<Generation>;
  stop(): Promise<void>;
}
