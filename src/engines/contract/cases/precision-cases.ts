/** Every declared precision: it loads, generates, and says what it really was. */
import type { Words } from '../../../kernel/language.ts';
import { precisionKind } from '../../../models/precision.ts';
import {
  AMPLE_LOAD_MS,
  aloneTokens,
  always,
  type ContractCase,
  expectOk,
  type Findings,
  generation,
  judged,
  promptsOf,
} from '../case.ts';
import { sampleProblems } from '../sample-shape.ts';

const COUNT = 12;

export const precisionCases: readonly ContractCase[] = [
  {
    name: 'every declared precision generates, and is effective as declared',
    inJapanese: '宣言した精度がどれも生成し、宣言どおりに効く',
    inapplicable: always,
    run: async (bench) => {
      const problems: string[] = [];
      for (const { name, effective } of bench.declaration.precisions) {
        const handle = await bench.fresh();
        const loaded = expectOk(await handle.load(bench.loadRequest(name), AMPLE_LOAD_MS), `load as ${name}`);
        const sample = expectOk(
          await handle.generate(generation(promptsOf(5, 5), COUNT)),
          `generate as ${name}`,
        );
        problems.push(...sampleProblems(sample, [5, 5]).map((problem) => `${name}: ${problem}`));
        const really: Readonly<Record<string, unknown>> = loaded.effective.precision;
        for (const [field, value] of Object.entries(effective)) {
          const other = really[field];
          if (other !== value)
            problems.push(`${name}: ${field} is ${String(other)}, declared ${String(value)}`);
        }
        await handle.stop();
      }
      return judged(problems);
    },
  },
  {
    name: 'weights share a scale in groups of the size that option groupSize says',
    inJapanese: '重みは、オプション groupSize の個数ごとに縮尺を共有する',
    inapplicable: ({ options }) => ('groupSize' in options.shape ? undefined : 'no option groupSize'),
    run: async (bench) => {
      const problems: string[] = [];
      const asked = 64;
      for (const { name, effective } of bench.declaration.precisions) {
        if (effective.groupSize === undefined) continue;
        const request = bench.loadRequest(name);
        const handle = await bench.fresh();
        const loaded = expectOk(
          await handle.load({ ...request, options: { ...request.options, groupSize: asked } }, AMPLE_LOAD_MS),
          `load as ${name}`,
        );
        const found = loaded.effective.precision.groupSize;
        if (found !== asked) problems.push(`${name}: groups of ${String(found)}, asked for ${asked}`);
        expectOk(await handle.generate(generation(promptsOf(5), 2)), `generate as ${name}`);
        await handle.stop();
      }
      return judged(problems);
    },
  },
  {
    name: 'dependence on batch neighbours in lossy precisions',
    inJapanese: '非可逆な精度での、バッチの隣への依存',
    inapplicable: ({ precisions }) =>
      precisions.some(({ name }) => !precisionKind(name).lossless) ? undefined : 'no lossy precision',
    run: async (bench): Promise<Findings> => {
      const notes: Words[] = [];
      const prompts = promptsOf(8, 8, 8, 8);
      for (const { name, ownName } of bench.declaration.precisions) {
        if (precisionKind(name).lossless) continue;
        const handle = await bench.loaded(name);
        const alone = await aloneTokens(handle, prompts, COUNT);
        const sample = expectOk(await handle.generate(generation(prompts, COUNT)), `the batch as ${name}`);
        const equal = sample.sequences.filter(
          ({ tokens }, index) => tokens.join() === alone[index]?.join(),
        ).length;
        notes.push({
          en: `${name} (${ownName}): ${equal} of ${prompts.length} sequences equal to running alone`,
          ja: `${name}（${ownName}）: ${prompts.length} 系列中 ${equal} 系列が単独のときと等しい`,
        });
      }
      return { problems: [], notes };
    },
  },
];
