/** The result of part `same` as a Markdown table. Pure. */
import { markdownTable } from 'markdown-table';
import type { SameResult, SameSides } from './part.ts';

export function sameTable(file: string, { work, design, conditions }: SameResult): string {
  const { engine, model, precision, batch, input, output } = work;
  return [
    `**[${file}](${file})**: ${engine} ${precision} with itself, ${model}, batch ${batch}, ${input} + ${output} tokens; ${design.blocks} blocks of one launch a side, ${design.repeats} repeats a launch, margin ${100 * design.margin} %.`,
    markdownTable([
      ['neighbour', 'comparisons', 'false alarms', 'equivalent', 'undecided', 'busy CPUs in all'],
      ...conditions.map(cells),
    ]),
  ].join('\n\n');
}

const cells = ({ neighbour, comparisons, alarms, outcomes, noise }: SameSides): string[] => [
  neighbour,
  String(comparisons),
  String(alarms),
  ...(['equivalent', 'undecided'] as const).map((outcome) =>
    String(outcomes.filter((one) => one === outcome).length),
  ),
  noise.foreignCpuShare?.toFixed(2) ?? '-',
];
