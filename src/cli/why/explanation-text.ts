/** Why one cell is faster than another, on a terminal. */
import { outcomeWord } from '../../compare/verdict.ts';
import { type Say, same, type Words } from '../../kernel/language.ts';
import { type Maybe, mapMaybe } from '../../kernel/maybe.ts';
import { throughput } from '../../metrics/throughput.ts';
import { caveatLine, TITLES } from '../../report/formats/sections.ts';
import { formatEstimate, formatNumber, formatRatio } from '../../report/numbers.ts';
import type { Estimate } from '../../stats/estimate.ts';
import type { Explanation, PhaseExplanation, PhaseWork } from '../../why/model.ts';
import { formatBytes, significant } from '../ui/numbers.ts';
import { table } from '../ui/table.ts';
import type { Colors } from '../ui/terminal.ts';
import { operatorLines } from './operators-text.ts';

export function explanationText(explanation: Explanation, colors: Colors, say: Say): string {
  const { a, b, comparison, decode, prefill, caveats } = explanation;
  const ratio =
    comparison.ratio.kind === 'missing'
      ? say({ en: `no ratio: ${comparison.ratio.reason.en}`, ja: `比なし: ${comparison.ratio.reason.ja}` })
      : `${say(formatRatio(comparison.ratio.value))} (${say(outcomeWord(comparison.outcome, throughput))}; ${say(comparison.ratio.value.rule)})`;
  return [
    `A: ${a.label}`,
    `B: ${b.label}`,
    '',
    colors.bold(
      say({ en: `Throughput of B against A: ${ratio}`, ja: `A に対する B のスループット: ${ratio}` }),
    ),
    '',
    ...phaseLines(say({ en: 'One decode step', ja: 'デコード 1 ステップ' }), decode, colors, say),
    ...phaseLines(say({ en: 'Prefill of the batch', ja: 'バッチのプリフィル' }), prefill, colors, say),
    ...operatorLines(explanation, colors, say),
    ...(caveats.length === 0
      ? []
      : [
          '',
          colors.bold(say(TITLES.caveats)),
          ...caveats.map((caveat) => {
            const line = `- ${caveatLine(caveat, say)}`;
            return caveat.severity === 'note' ? line : colors.yellow(line);
          }),
        ]),
  ].join('\n');
}

function phaseLines(title: string, phase: PhaseExplanation, colors: Colors, say: Say): string[] {
  const { a, b, speed, factors } = phase;
  if (a.kind === 'missing' && b.kind === 'missing') {
    return [
      colors.bold(title),
      say({ en: `  not explained: ${a.reason.en}`, ja: `  説明なし: ${a.reason.ja}` }),
      '',
    ];
  }
  const row = (name: string, text: (work: PhaseWork) => string, ratio: string): string[] => [
    name,
    textOf(a, text),
    textOf(b, text),
    ratio,
  ];
  const ratioOf = (value: (work: PhaseWork) => number): string =>
    a.kind === 'value' && b.kind === 'value' ? times(value(b.value) / value(a.value)) : '–';
  return [
    colors.bold(title),
    table(
      [
        { title: '' },
        { title: 'A', align: 'right' },
        { title: 'B', align: 'right' },
        { title: 'B / A', align: 'right' },
      ],
      [
        row(
          say({ en: 'time (ms)', ja: '時間 (ms)' }),
          ({ step }) => formatEstimate(step, 1000, 3, say),
          speed.kind === 'missing' ? '–' : say(formatRatio(inverse(speed.value))),
        ),
        row(
          say({ en: 'bytes', ja: 'バイト' }),
          ({ totalBytes }) => formatBytes(totalBytes),
          ratioOf(({ totalBytes }) => totalBytes),
        ),
        row(
          say({ en: '  weights', ja: '  重み' }),
          ({ weightBytes }) => formatBytes(weightBytes),
          ratioOf(({ weightBytes }) => weightBytes),
        ),
        row(
          say({ en: '  KV cache', ja: '  KV キャッシュ' }),
          ({ kvBytes }) => formatBytes(kvBytes),
          ratioOf(({ kvBytes }) => kvBytes),
        ),
        row(
          'FLOPs',
          ({ flops }) => `${significant(flops / 1e6)} M`,
          ratioOf(({ flops }) => flops),
        ),
        row(
          say({ en: 'least time by the roofs (ms)', ja: 'ルーフによる最短時間 (ms)' }),
          ({ roof }) =>
            roof.kind === 'missing'
              ? '–'
              : `${formatNumber(roof.value.least_s * 1000, 3)} (${say(BOUNDS[roof.value.bound])})`,
          '',
        ),
        row(
          say({ en: 'share of the roofline', ja: 'ルーフラインに対する割合' }),
          (work) => roofShareText(work),
          '',
        ),
      ],
    ),
    ...factorLines(factors, speed, say),
    '',
  ];
}

/** The share of the roofline, with the bounds that the interval of the step's time gives it. */
function roofShareText({ step, roof, roofShare }: PhaseWork): string {
  if (roof.kind === 'missing' || roofShare.kind === 'missing') return '–';
  // Over two launches the time's interval may begin at 0.
  const percent = (step_s: number): string =>
    step_s > 0 ? formatNumber((100 * roof.value.least_s) / step_s, 1) : '∞';
  const bounds =
    step.interval.kind === 'missing'
      ? ''
      : ` [${percent(step.interval.value.high)}, ${percent(step.interval.value.low)}]`;
  return `${percent(step.mean)}${bounds} %`;
}

/** Of a ratio: that of the other side to this one. */
const inverse = (ratio: Estimate): Estimate => ({
  ...ratio,
  mean: 1 / ratio.mean,
  interval: mapMaybe(ratio.interval, ({ low, high, level }) => ({ low: 1 / high, high: 1 / low, level })),
});

function factorLines(
  factors: PhaseExplanation['factors'],
  speed: PhaseExplanation['speed'],
  say: Say,
): string[] {
  if (factors.kind === 'missing' || speed.kind === 'missing')
    return [
      say({
        en: `  not split into factors: ${reasonOf(factors, speed).en}`,
        ja: `  因子に分けられません: ${reasonOf(factors, speed).ja}`,
      }),
    ];
  const { work, use, useInterval } = factors.value;
  const [whole, used] = [speed.value, { ...speed.value, mean: use, interval: useInterval }].map((ratio) =>
    say(formatRatio(ratio)),
  );
  return [
    say({
      en: `  B is ${whole} as fast = ${times(work)} from its work (bytes and FLOPs against the roofs) x ${used} from using more or less of what the machine allows`,
      ja: `  B の速さは ${whole} = 仕事の量（ルーフに対するバイトと FLOPs）による ${times(work)} × マシンの能力をどれだけ使うかによる ${used}`,
    }),
  ];
}

const reasonOf = (...values: readonly Maybe<unknown>[]): Words =>
  values.find((value) => value.kind === 'missing')?.reason ?? same('');

const BOUNDS: Readonly<Record<'memory' | 'compute', Words>> = {
  memory: { en: 'memory', ja: 'メモリ' },
  compute: { en: 'compute', ja: '計算' },
};

const textOf = (work: Maybe<PhaseWork>, text: (work: PhaseWork) => string): string =>
  work.kind === 'missing' ? '–' : text(work.value);

const times = (ratio: number): string => `${formatNumber(ratio, 2)}x`;
