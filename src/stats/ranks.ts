/** Ranks from 1, ties sharing their mean rank (textbook). */
export function ranks(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).sort((a, b) => at(values, a) - at(values, b));
  const result = new Array<number>(values.length).fill(0);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && at(values, order[end]) === at(values, order[start])) end += 1;
    for (let i = start; i < end; i += 1) result[order[i] ?? 0] = (start + 1 + end) / 2;
    start = end;
  }
  return result;
}

const at = (values: readonly number[], index: number | undefined): number => values[index ?? 0] ?? Number.NaN;
