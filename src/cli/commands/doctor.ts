/** `hayasa doctor`: the machine, its measured roofs, how noisy it is now, the engines, and advice. */
import { ENGINE_DECLARATIONS } from '../../engines/declarations.ts';
import { EXIT, type Problem, ProblemsError } from '../../kernel/errors.ts';
import { englishOnly, sayEnglish } from '../../kernel/language.ts';
import { defineCommand } from '../command.ts';
import { advise } from '../doctor/advice.ts';
import { doctorText } from '../doctor/doctor-text.ts';
import { examine } from '../doctor/examine.ts';
import { watchNoise } from '../doctor/watch.ts';
import { engineJson } from '../engines/survey.ts';
import { duration, flag, integer, json } from '../options.ts';

export const doctorCommand = defineCommand({
  name: 'doctor',
  summary: {
    en: 'the machine: instruction sets, measured roofs, noise right now, advice',
    ja: 'マシン: 命令セット、実測したルーフ、今のノイズ、助言',
  },
  description: {
    en: 'Reads what the machine is, listens to it for 2 s (so leave it alone), measures what it can do (memory read; matrix multiply per dtype through ONNX Runtime, no compiler needed), looks at the engines and says what to do about it. Takes about 8 s. Reads no host name and no serial numbers.\nWith --watch it only listens: what other programs do, every 2 s, until Ctrl-C, and then a summary (one JSON object per line with --json).',
    ja: 'マシンが何かを読み、2 秒間様子を聴き（その間は触らないでください）、何ができるかを測り（メモリの読み出し、データ型ごとの行列積を ONNX Runtime で。コンパイラは不要）、エンジンを調べ、どうすればよいかを述べます。約 8 秒かかります。ホスト名とシリアル番号は読みません。\n--watch では聴くだけです: 他のプログラムの動きを 2 秒ごとに Ctrl-C まで示し、最後にまとめます（--json では 1 行に 1 つの JSON オブジェクト）。',
  },
  arguments: [],
  options: {
    threads: integer(
      'N',
      {
        en: 'threads for the roofs; default: one per core that may be used',
        ja: 'ルーフを測るスレッド数。既定は使えるコアごとに 1 つ',
      },
      1,
      undefined,
    ),
    watch: flag({
      en: 'watch the noise of the machine live, instead of everything else',
      ja: '他のすべての代わりに、マシンのノイズを見続ける',
    }),
    for: duration('TIME', { en: 'end watching after this long', ja: 'この時間の後に終わる' }),
    json,
  },
  examples: [
    { line: 'hayasa doctor', comment: { en: 'before the first study', ja: '最初のスタディの前に' } },
    {
      line: 'hayasa doctor --json > machine.json',
      comment: { en: 'everything, all CPU flags included', ja: 'CPU フラグもすべて' },
    },
    {
      line: 'hayasa doctor --watch --for 30s',
      comment: { en: 'is the machine quiet enough to measure?', ja: '測定できるほどマシンは静かか' },
    },
  ],
  run: async ({ host, terminal, interrupt }, options) => {
    const problems = contradictions(options);
    if (problems.length > 0) throw new ProblemsError('hayasa doctor', problems);
    if (options.watch) {
      await watchNoise(host, terminal, { json: options.json, for_ms: options.for }, interrupt());
      return EXIT.ok;
    }
    const examination = await examine(host, ENGINE_DECLARATIONS, options.threads, (what) => {
      if (!options.json) terminal.writeError(`${terminal.say(what)} ...`);
    });
    const advice = advise(examination, options.json ? sayEnglish : terminal.say);
    const engines = examination.engines.map(engineJson);
    terminal.write(
      options.json
        ? JSON.stringify({ ...examination, engines, advice }, englishOnly, 2)
        : doctorText(examination, advice, terminal.say),
    );
    return EXIT.ok;
  },
});

function contradictions(options: {
  readonly watch: boolean;
  readonly for: number | undefined;
  readonly threads: number | undefined;
}): Problem[] {
  return [
    ...(options.for !== undefined && !options.watch
      ? [
          {
            path: '--for',
            message: {
              en: 'says how long to watch, and needs --watch',
              ja: '見続ける長さの指定には --watch が必要です',
            },
          },
        ]
      : []),
    ...(options.threads !== undefined && options.watch
      ? [
          {
            path: '--threads',
            message: {
              en: 'is for measuring, which --watch does not do',
              ja: '測定用です。--watch は測定しません',
            },
          },
        ]
      : []),
  ];
}
