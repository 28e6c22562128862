/** The provenance of one cell on a terminal; one metric's values in full. */

import type { Maybe } from '../../kernel/maybe.ts';
import { presentValue } from '../../kernel/maybe.ts';
import { linesText } from '../../provenance/lines.ts';
import type { Provenance, ProvenLaunch, ProvenValue } from '../../provenance/model.ts';
import { agreementText } from '../../report/agreement.ts';
import { formatEstimate, formatNumber, formatShare } from '../../report/numbers.ts';
import type { Estimate } from '../../stats/estimate.ts';
import { mean } from '../../stats/moments.ts';
import { definitionList, table } from '../ui/table.ts';
import type { Colors } from '../ui/terminal.ts';

/** `metricId` names one of the provenance's values. */
export function provenanceText(provenance: Provenance, metricId: string, colors: Colors): string {
  const { values, launches, invocations } = provenance;
  const value = values.find(({ metric }) => metric.id === metricId);
  const { options, ...asked } = provenance.asked;
  const settings = [...new Set(launches.flatMap(effectiveText))];
  const versions = [...new Set(launches.flatMap(({ versions: own }) => pairsText(own) || []))];
  return [
    colors.bold(`${provenance.label} (cell ${provenance.cellKey})`),
    '',
    ...(value === undefined ? [] : valueLines(value, provenance)),
    colors.bold('Asked'),
    definitionList([
      ...Object.entries(asked).flatMap(([name, one]) =>
        one === undefined ? [] : [[name, String(one)] as const],
      ),
      ['options', pairsText(options) || 'none'],
    ]),
    '',
    colors.bold('Effective, as the engine says'),
    ...(settings.length === 0 ? ['  nothing was loaded'] : settings.map((line) => `  ${line}`)),
    ...versions.map((line) => `  versions: ${line}`),
    `  agreement with fp32: ${agreementText(provenance.agreement)}${atLines(provenance.agreementLines)}`,
    '',
    colors.bold('Code'),
    ...invocations.flatMap(({ line, wallTime, hayasa, commit, lockHash }) => [
      `  Hayasa ${hayasa}, ${wallTime} (line ${line})`,
      `    git commit ${orReason(commit)}`,
      `    npm lock   ${orReason(lockHash)}`,
    ]),
    '',
    colors.bold('Conditions'),
    definitionList(provenance.conditions.map(({ name, value: text }) => [name, text] as const)),
    '',
    colors.bold('Files'),
    definitionList(provenance.files.map(({ name, value: text }) => [name, text] as const)),
    '',
    colors.bold('Again'),
    ...provenance.commands.flatMap(({ name, value: line }) => [`  # ${name}`, `  ${line}`]),
  ].join('\n');
}

function valueLines(
  { metric, explore, confirm }: ProvenValue,
  { launches, roofLines }: Provenance,
): string[] {
  const { title, shownUnit, definition, formula, source, scale, digits } = metric;
  const text = (estimate: Maybe<Estimate>): string =>
    estimate.kind === 'missing'
      ? `none: ${estimate.reason}`
      : `${formatEstimate(estimate.value, scale, digits)} ${shownUnit}, ${estimate.value.rule}, ${formatNumber(estimate.value.repeats, 0)} repeats`;
  const number = (one: number): string => formatNumber(one * scale, digits);
  const usesRoofs = ['ratio'].includes(metric.storedUnit) && roofLines.length > 0;
  return [
    `${title}: ${text(explore)}`,
    ...(confirm.kind === 'missing' ? [] : [`in fresh blocks: ${text(confirm)}`]),
    `  ${definition}`,
    `  = ${formula} (${source})`,
    ...(usesRoofs ? [`  roofs: line ${linesText(roofLines)} of the journal`] : []),
    '',
    table(
      [
        { title: 'launch' },
        { title: 'begun' },
        { title: 'lines' },
        { title: 'mean', align: 'right' },
        { title: `repeats (${shownUnit})` },
        { title: 'foreign CPU', align: 'right' },
        { title: '' },
      ],
      launches.map((launch) => {
        const repeats = launch.values[metric.id] ?? [];
        const launchMean = presentValue(mean(repeats));
        const foreign = launch.noise?.foreignCpuShare;
        return [
          launch.launch,
          launch.wallTime,
          linesText(launch.lines.repeats) || '–',
          launchMean === undefined ? '–' : number(launchMean),
          repeats.map(number).join(' ') || '–',
          foreign === undefined ? '–' : formatShare(foreign),
          [
            launch.counted.kind === 'counted' ? '' : `not counted: ${launch.counted.reason}`,
            launch.setAside.length === 0 ? '' : `set aside as disturbed: ${linesText(launch.setAside)}`,
            ...launch.failures,
          ]
            .filter((part) => part !== '')
            .join('; '),
        ];
      }),
    ),
    '',
  ];
}

const effectiveText = ({ effective }: ProvenLaunch): string[] => {
  if (effective === undefined) return [];
  const { weights, activations, kvCache, compute } = effective.precision;
  const precision = `${weights} weights, ${activations} activations, ${kvCache} KV cache, ${compute} compute`;
  return [
    [precision, `${effective.threads} threads`, pairsText(effective.settings)]
      .filter((part) => part !== '')
      .join('; '),
  ];
};

const pairsText = (record: Readonly<Record<string, unknown>>): string =>
  Object.entries(record)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ');

const orReason = (value: Maybe<string>): string => (value.kind === 'value' ? value.value : value.reason);

const atLines = (lines: readonly number[]): string =>
  lines.length === 0 ? '' : ` (lines ${linesText(lines)})`;
