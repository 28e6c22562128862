/** `hayasa engines verify`: the conformance suite against environments that are installed. */
import { deviceAxis } from '../../axes/device.ts';
import { ENGINE_DECLARATIONS } from '../../engines/declarations.ts';
import { inVersionSet } from '../../engines/version-set.ts';
import { environmentLabel } from '../../environments/name.ts';
import { EXIT, HayasaError, ProblemsError } from '../../kernel/errors.ts';
import { englishOnly, inEvery, same } from '../../kernel/language.ts';
import { defineCommand } from '../command.ts';
import { chosenEnvironments, healthOf } from '../environments/chosen.ts';
import { verificationText, verifyEnvironment } from '../environments/verify.ts';
import { json, text } from '../options.ts';
import { stageView } from '../ui/progress-view.ts';

export const enginesVerifyCommand = defineCommand({
  name: 'engines verify',
  summary: {
    en: 'run the conformance suite against an installed engine',
    ja: 'インストール済みのエンジンに適合性スイートを実行する',
  },
  description: {
    en: 'Runs every case of the conformance suite on a tiny model in real worker processes: greedy tokens equal the reference in fp32, stamps, batches, natural stop, cancel, deadlines, refusals. Exit code 4 says that an engine does not conform, 3 that --device names one on which no installed environment computes. `all` means every environment that is installed.\n--device cuda:0 is the smoke test for the owner of a GPU: the paths for CUDA were written without one. Engines that do not compute on the device are left out of `all`; its verdict is printed and not kept.',
    ja: '適合性スイートの全項目を、小さなモデルで、実際のワーカープロセスで実行します: fp32 の貪欲なトークンが参照と等しいこと、時刻の記録、バッチ、自然な停止、取り消し、期限、拒否。終了コード 4 はエンジンが適合しないこと、3 は --device が名指す装置で計算する環境がインストールされていないことを示します。`all` はインストール済みのすべての環境です。\n--device cuda:0 は GPU の持ち主のための動作確認です: CUDA の経路は GPU なしで書かれました。その装置で計算しないエンジンは `all` から外れ、判定は表示されますが保存されません。',
  },
  arguments: [
    {
      name: 'NAME',
      summary: {
        en: 'an engine, an engine in a version set (`id@set`), or all',
        ja: 'エンジン、版の組を付けたエンジン（`id@set`）、または all',
      },
      required: true,
    },
  ],
  options: {
    device: text('DEVICE', {
      en: 'what it computes on: cpu (default), cuda or cuda:N',
      ja: '計算に使うもの: cpu（既定）、cuda、cuda:N',
    }),
    json,
  },
  examples: [
    {
      line: 'hayasa engines verify transformers',
      comment: { en: 'can its numbers be trusted here?', ja: 'ここでその数値を信じてよいか' },
    },
    {
      line: 'hayasa engines verify all --device cuda:0',
      comment: {
        en: 'every engine that computes on a GPU, after `engines install NAME --accelerator cuda`',
        ja: '`engines install NAME --accelerator cuda` の後に、GPU で計算するすべてのエンジン',
      },
    },
  ],
  run: async ({ host, terminal, interrupt }, options, [asked = '']) => {
    const { say } = terminal;
    const device = options.device ?? 'cpu';
    if (!deviceAxis.value.safeParse(device).success) {
      const path = '--device';
      throw new ProblemsError('hayasa engines verify', [
        {
          path,
          value: device,
          message: { en: 'is no device', ja: '装置ではありません' },
          allowed: deviceAxis.allowed,
        },
      ]);
    }
    const chosen = chosenEnvironments(ENGINE_DECLARATIONS, asked).filter((each) => {
      const { declaration, name, version } = each;
      const devices = inVersionSet(declaration, version).capabilities.devices;
      if (!devices.includes(device.split(':')[0] ?? '')) {
        if (asked === 'all') return false;
        throw new HayasaError({
          code: 'engine/device',
          message: {
            en: `${declaration.title} does not compute on ${device}`,
            ja: `${declaration.title} は ${device} では計算しません`,
          },
          hint: {
            en: `its devices: ${devices.join(', ')}`,
            ja: `使える装置: ${devices.join(', ')}`,
          },
        });
      }
      const health = healthOf(host, each);
      if (health.kind === 'ready' || health.kind === 'npm-ready') return true;
      if (asked === 'all') return false;
      const label = environmentLabel(name);
      throw new HayasaError({
        code: 'environment/not-ready',
        message: inEvery((say) => `${label}: ${say(health.reason)}`),
        hint: same(`hayasa engines install ${label}`),
      });
    });
    const signal = interrupt();
    const results: unknown[] = [];
    let conforms = true;
    for (const each of chosen) {
      const label = environmentLabel(each.name);
      const view = stageView(terminal);
      const verification = await verifyEnvironment(host, each, signal, view.show, options.device).finally(
        () => view.close(),
      );
      if (signal.aborted) return EXIT.interrupted;
      conforms &&= verification.problems.length === 0;
      results.push({ environment: label, ...verification });
      if (!options.json) terminal.write(verificationText(label, verification, say));
    }
    if (options.json) terminal.write(JSON.stringify({ environments: results }, englishOnly, 2));
    else if (chosen.length === 0)
      terminal.write(
        say({
          en: `no environment that computes on ${device} is installed`,
          ja: `${device} で計算する環境はインストールされていません`,
        }),
      );
    // Whoever names a device asks whether something works there: nothing is no yes.
    if (chosen.length === 0 && options.device !== undefined) return EXIT.refusedByPlan;
    return conforms ? EXIT.ok : EXIT.finishedWithFailures;
  },
});
