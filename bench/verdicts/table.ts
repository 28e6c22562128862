/** The result of part `verdicts` as a Markdown table. Pure. */
import { markdownTable } from 'markdown-table';
import { sum } from '../../src/stats/moments.ts';
import type { VerdictsResult } from './part.ts';
import type { StudyCounts } from './tally.ts';

export function verdictsTable(file: string, result: VerdictsResult): string {
  const { times, facts, rounds, noises } = result;
  return [
    `**[${file}](${file})**: ${times.studies} simulated studies of times and ${facts.studies} of facts, ${rounds} rounds each, a quarter of them under each of ${noises.join(', ')} noise. Open claims have the truth as their margin, or nothing is known of them; deciding one counts as wrong. Studies with a wrong verdict of any kind: ${share(times)} of the studies of times, ${share(facts)} of those of facts; under a steady drift ${result.driftingStudiesWrong} of ${result.driftingStudies} studies of times. Of the claims on times that are clearly true or false ${decided(times)} are decided. With ${result.fewRounds} rounds: ${share(result.fewTimes)} of the studies of times have a wrong verdict, and ${decided(result.fewTimes)} are decided; where the launches of one of three engines vary four times as much, ${share(result.unevenTimes)} and ${decided(result.unevenTimes)}.`,
    markdownTable(
      [
        [
          'kind of claim',
          'true',
          'false',
          'open',
          'true or false and decided',
          'wrong',
          'studies with a wrong verdict',
        ],
        ...[times, facts].flatMap(({ studies, kinds }) =>
          kinds.map((kind) => [
            kind.kind,
            String(kind.true),
            String(kind.false),
            String(kind.open),
            percent(kind.decided / (kind.true + kind.false)),
            String(kind.wrong),
            `${kind.wrongStudies} of ${studies} (${percent(kind.shareOfWrongStudies)})`,
          ]),
        ),
      ],
      { align: ['l', 'r', 'r', 'r', 'r', 'r', 'r'] },
    ),
  ].join('\n\n');
}

/** Of what is clearly true or false. */
const decided = ({ kinds }: StudyCounts): string =>
  percent(sum(kinds.map((kind) => kind.decided)) / sum(kinds.map((kind) => kind.true + kind.false)));

const share = ({ shareOfWrongStudies }: StudyCounts): string => percent(shareOfWrongStudies);
const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
