/** The provenance of one cell on a terminal; one metric's values in full. */

import { type Say, same, type Words } from '../../kernel/language.ts';
import type { Maybe } from '../../kernel/maybe.ts';
import { presentValue } from '../../kernel/maybe.ts';
import { sourceWords } from '../../metrics/shown.ts';
import { linesText } from '../../provenance/lines.ts';
import type { Provenance, ProvenLaunch, ProvenValue } from '../../provenance/model.ts';
import { agreementText } from '../../report/agreement.ts';
import { AGREEMENT } from '../../report/formats/sections.ts';
import type { Fact } from '../../report/input.ts';
import { formatEstimate, formatNumber, formatShare } from '../../report/numbers.ts';
import type { Estimate } from '../../stats/estimate.ts';
import { mean } from '../../stats/moments.ts';
import { definitionList, table } from '../ui/table.ts';
import type { Colors } from '../ui/terminal.ts';

/** `metricId` names one of the provenance's values. */
export function provenanceText(provenance: Provenance, metricId: string, colors: Colors, say: Say): string {
  const { values, launches, invocations } = provenance;
  const value = values.find(({ metric }) => metric.id === metricId);
  const { options, ...asked } = provenance.asked;
  const settings = [...new Set(launches.flatMap((launch) => effectiveText(launch, say)))];
  const versions = [...new Set(launches.flatMap(({ versions: own }) => pairsText(own) || []))];
  return [
    colors.bold(
      say({
        en: `${provenance.label} (cell ${provenance.cellKey})`,
        ja: `${provenance.label}（セル ${provenance.cellKey}）`,
      }),
    ),
    '',
    ...(value === undefined ? [] : valueLines(value, provenance, say)),
    colors.bold(say({ en: 'Asked', ja: '求めた条件' })),
    definitionList([
      ...Object.entries(asked).flatMap(([name, one]) =>
        one === undefined ? [] : [[name, String(one)] as const],
      ),
      ['options', pairsText(options) || say({ en: 'none', ja: 'なし' })],
    ]),
    '',
    colors.bold(say({ en: 'Effective, as the engine says', ja: '実際の条件（エンジンによる）' })),
    ...(settings.length === 0
      ? [say({ en: '  nothing was loaded', ja: '  何もロードされていません' })]
      : settings.map((line) => `  ${line}`)),
    ...versions.map((line) => say({ en: `  versions: ${line}`, ja: `  バージョン: ${line}` })),
    `  ${say(AGREEMENT)}: ${say(agreementText(provenance.agreement))}${atLines(provenance.agreementLines, say)}`,
    '',
    colors.bold(say({ en: 'Code', ja: 'コード' })),
    ...invocations.flatMap(({ line, wallTime, hayasa, commit, lockHash }) => [
      say({
        en: `  Hayasa ${hayasa}, ${wallTime} (line ${line})`,
        ja: `  Hayasa ${hayasa}、${wallTime}（${line} 行目）`,
      }),
      say({ en: `    git commit ${orReason(commit).en}`, ja: `    git コミット ${orReason(commit).ja}` }),
      say({ en: `    npm lock   ${orReason(lockHash).en}`, ja: `    npm ロック   ${orReason(lockHash).ja}` }),
    ]),
    '',
    colors.bold(say({ en: 'Conditions', ja: '条件' })),
    factList(provenance.conditions, say),
    '',
    colors.bold(say({ en: 'Files', ja: 'ファイル' })),
    factList(provenance.files, say),
    '',
    colors.bold(say({ en: 'Again', ja: '再現' })),
    ...provenance.commands.flatMap(({ name, value: line }) => [`  # ${say(name)}`, `  ${say(line)}`]),
  ].join('\n');
}

function valueLines(
  { metric, explore, confirm }: ProvenValue,
  { launches, roofLines }: Provenance,
  say: Say,
): string[] {
  const { title, shownUnit, definition, formula, source, scale, digits } = metric;
  const text = (estimate: Maybe<Estimate>): string =>
    estimate.kind === 'missing'
      ? say({ en: `none: ${estimate.reason.en}`, ja: `なし: ${estimate.reason.ja}` })
      : `${formatEstimate(estimate.value, scale, digits, say)} ${shownUnit}, ${say(estimate.value.rule)}, ${say({ en: `${formatNumber(estimate.value.repeats, 0)} repeats`, ja: `${formatNumber(estimate.value.repeats, 0)} 反復` })}`;
  const number = (one: number): string => formatNumber(one * scale, digits);
  const probed = launches.some(({ probe }) => probe?.memoryReadBytesPerSecond !== undefined);
  const usesRoofs = ['ratio'].includes(metric.storedUnit) && roofLines.length > 0;
  return [
    `${say(title)}: ${text(explore)}`,
    ...(confirm.kind === 'missing'
      ? []
      : [say({ en: `in fresh blocks: ${text(confirm)}`, ja: `再測定のブロック: ${text(confirm)}` })]),
    ...spreadLines(explore, number, say),
    `  ${say(definition)}`,
    `  = ${formula} (${say(sourceWords(source))})`,
    ...(usesRoofs
      ? [
          say({
            en: `  roofs: line ${linesText(roofLines)} of the journal`,
            ja: `  ルーフ: ジャーナルの ${linesText(roofLines)} 行目`,
          }),
        ]
      : []),
    '',
    table(
      [
        { title: say({ en: 'launch', ja: '起動' }) },
        { title: say({ en: 'begun', ja: '開始' }) },
        { title: say({ en: 'lines', ja: '行' }) },
        { title: say({ en: 'mean', ja: '平均' }), align: 'right' },
        { title: say({ en: `repeats (${shownUnit})`, ja: `反復（${shownUnit}）` }) },
        { title: say({ en: 'foreign CPU', ja: '他の CPU 使用' }), align: 'right' },
        ...(probed
          ? [{ title: say({ en: 'probe (GB/s)', ja: 'プローブ (GB/s)' }), align: 'right' as const }]
          : []),
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
          ...(probed ? [probeText(launch)] : []),
          [
            launch.counted.kind === 'counted'
              ? ''
              : say({
                  en: `not counted: ${launch.counted.reason.en}`,
                  ja: `数えない: ${launch.counted.reason.ja}`,
                }),
            launch.setAside.length === 0
              ? ''
              : say({
                  en: `set aside as disturbed: ${linesText(launch.setAside)}`,
                  ja: `乱されたため除外: ${linesText(launch.setAside)} 行目`,
                }),
            ...launch.failures.map(say),
          ]
            .filter((part) => part !== '')
            .join('; '),
        ];
      }),
    ),
    '',
  ];
}

/** Memory read right after the launch. */
const probeText = ({ probe }: ProvenLaunch): string =>
  probe?.memoryReadBytesPerSecond === undefined ? '–' : formatNumber(probe.memoryReadBytesPerSecond / 1e9, 1);

/** The spread at both levels, and what the repeats are worth; nothing of a single launch. */
function spreadLines(estimate: Maybe<Estimate>, number: (value: number) => string, say: Say): string[] {
  const spread = presentValue(estimate)?.spread;
  if (spread === undefined) return [];
  const { betweenLaunches, withinLaunch, effectiveRepeats } = spread;
  const within = withinLaunch === undefined ? undefined : number(withinLaunch);
  const worth = effectiveRepeats === undefined ? undefined : formatNumber(effectiveRepeats, 1);
  return [
    say({
      en: `  standard deviation ${number(betweenLaunches)} between launches${within === undefined ? '' : `, ${within} between the repeats of one`}${worth === undefined ? '' : `; as sure as ${worth} independent repeats`}`,
      ja: `  標準偏差: 起動の間 ${number(betweenLaunches)}${within === undefined ? '' : `、1 起動の反復の間 ${within}`}${worth === undefined ? '' : `。独立な反復 ${worth} 回分の確かさ`}`,
    }),
  ];
}

const effectiveText = ({ effective }: ProvenLaunch, say: Say): string[] => {
  if (effective === undefined) return [];
  const { weights, activations, kvCache, compute } = effective.precision;
  const precision = say({
    en: `${weights} weights, ${activations} activations, ${kvCache} KV cache, ${compute} compute`,
    ja: `重み ${weights}、活性 ${activations}、KV キャッシュ ${kvCache}、計算 ${compute}`,
  });
  return [
    [
      precision,
      say({ en: `${effective.threads} threads`, ja: `${effective.threads} スレッド` }),
      pairsText(effective.settings),
    ]
      .filter((part) => part !== '')
      .join('; '),
  ];
};

const factList = (facts: readonly Fact[], say: Say): string =>
  definitionList(facts.map(({ name, value }) => [say(name), say(value)] as const));

const pairsText = (record: Readonly<Record<string, unknown>>): string =>
  Object.entries(record)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ');

const orReason = (value: Maybe<string>): Words => (value.kind === 'value' ? same(value.value) : value.reason);

const atLines = (lines: readonly number[], say: Say): string =>
  lines.length === 0 ? '' : say({ en: ` (lines ${linesText(lines)})`, ja: `（${linesText(lines)} 行目）` });
