/** The registry of figures: one line each, in the order in which reports show them. */
import type { Figure } from './figure.ts';
import { throughputByBatch } from './throughput-by-batch.ts';

export const FIGURES: readonly Figure[] = [throughputByBatch];
