/** Cells with what an hour of their device costs, where the study says it: metrics of money need both. */
import { priceOf } from '../study/price.ts';
import type { ReportCell, ReportInput } from './input.ts';

/** A cell with the price of its device per hour, in the one currency of the study; undefined where it has none. */
export interface PricedCell extends ReportCell {
  readonly pricePerHour: number | undefined;
}

/** `cell` with the price of its device. */
export const priced = (cell: ReportCell, { study }: Pick<ReportInput, 'study'>): PricedCell => ({
  ...cell,
  pricePerHour: priceOf(study.pricePerHour, cell.cell.device)?.amount,
});
