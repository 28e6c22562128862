/** The result of part `trust` as Markdown tables. Pure. */
import { markdownTable } from 'markdown-table';
import type { TrustResult } from './part.ts';

export function trustTables(file: string, trust: TrustResult): string {
  return [
    `**[${file}](${file})**: ${trust.worldsEach} simulated worlds each, seed ${trust.seed}. What each kind of noise is: ${trust.worlds
      .map(({ noise, meaning }) => `${noise}: ${meaning}`)
      .join('; ')}; and in all of them launches that differ by 2 %.`,
    'Share of nominal 95 % intervals that hold the truth, and half of their width over the value:',
    coverageTable(trust),
    'Two sides, paired by block: false alarms at equal sides, and the share found of a true ratio as large as the minimum detectable one that an experiment of the same kind printed (median in brackets):',
    alarmTable(trust),
    'Stopped as soon as it is decided (looked at from 3 blocks on, with 2 to 5 repeats a side by what earlier blocks said) against all of 10 blocks of 5 repeats a side. Time: that of launches and repeats over that of the 10 blocks, a launch as dear as 5 repeats:',
    adaptiveTable(trust),
    'Stopped as soon as half of the interval is at most 4 % of the value, or after 10 launches, with 2 to 5 repeats each:',
    stoppedTable(trust),
  ].join('\n\n');
}

function coverageTable({ coverage, worlds }: TrustResult): string {
  const columns = ['rate', 'duration'].flatMap((quantity) =>
    [5, 10, 20].map((launches) => ({ quantity, launches })),
  );
  return markdownTable([
    ['noise', ...columns.map(({ quantity, launches }) => `${quantity}, ${launches} launches`)],
    ...worlds.map(({ noise }) => [
      noise,
      ...columns.map((column) => {
        const found = coverage.find(
          (one) =>
            one.noise === noise && one.quantity === column.quantity && one.launches === column.launches,
        );
        return found === undefined ? '-' : `${percent(found.covered)} (±${percent(found.halfWidth)})`;
      }),
    ]),
  ]);
}

const alarmTable = ({ alarms }: TrustResult): string =>
  markdownTable([
    ['noise', 'blocks', 'false alarms', 'power at the minimum detectable ratio'],
    ...alarms.map((one) => [
      one.noise,
      String(one.blocks),
      percent(one.falseAlarms),
      `${percent(one.powerAtDetectable)} (${one.medianDetectable.toFixed(3)})`,
    ]),
  ]);

const adaptiveTable = ({ adaptive }: TrustResult): string =>
  markdownTable([
    [
      'noise',
      'blocks at most',
      'true ratio',
      'right',
      'wrong',
      'repeats',
      'blocks',
      'time',
      'right, all blocks',
      'wrong, all blocks',
      'repeats, all blocks',
    ],
    ...adaptive.map((one) => [
      one.noise,
      String(one.mostBlocks),
      String(one.trueRatio),
      percent(one.right),
      percent(one.wrong),
      one.meanRepeats.toFixed(1),
      one.meanBlocks.toFixed(1),
      percent(one.timeShare),
      percent(one.rightWhenFixed),
      percent(one.wrongWhenFixed),
      String(one.repeatsWhenFixed),
    ]),
  ]);

const stoppedTable = ({ stopped }: TrustResult): string =>
  markdownTable([
    ['noise', 'launches', 'repeats', 'holds the truth', 'were ordinary intervals stopped at'],
    ...stopped.map((one) => [
      one.noise,
      one.meanLaunches.toFixed(1),
      one.meanRepeats.toFixed(1),
      percent(one.covered),
      percent(one.coveredByOrdinary),
    ]),
  ]);

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
