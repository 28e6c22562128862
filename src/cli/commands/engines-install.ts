/** `hayasa engines install`: makes an engine's environment from a hash-locked list, and verifies it. */

import { ENGINE_DECLARATIONS } from '../../engines/declarations.ts';
import { INSTALLERS } from '../../environments/installer.ts';
import { ACCELERATORS } from '../../environments/lock.ts';
import { environmentLabel } from '../../environments/name.ts';
import { EXIT } from '../../kernel/errors.ts';
import { englishOnly } from '../../kernel/language.ts';
import { defineCommand } from '../command.ts';
import { chosenEnvironments } from '../environments/chosen.ts';
import { installBuild, installedText } from '../environments/install-build.ts';
import { type InstallChoices, installOne } from '../environments/install-one.ts';
import { verificationText, verifyEnvironment } from '../environments/verify.ts';
import { choice, flag, json, text } from '../options.ts';
import { stageView } from '../ui/progress-view.ts';

export const enginesInstallCommand = defineCommand({
  name: 'engines install',
  summary: {
    en: "make a Python engine's environment, and verify it",
    ja: 'Python エンジンの環境を作り、検証する',
  },
  description: {
    en: "Makes an environment of its own for a Python engine, from a hash-locked list of packages: with uv where it is present, else with venv and pip. It says what it downloads and what it takes before it starts. The environment is whole or absent, whatever happens. Then the conformance suite runs on a tiny model; exit code 4 says that the engine does not conform.\nThe locks for CPUs hold torch's CPU build. A machine whose package index does not have it names one that does with --torch-index, or a folder that holds the wheel with --find-links (a folder that pip is set to use is found by itself).\nllama-cpp@cuda and llama-cpp@vulkan are builds of an engine that came with Hayasa, for GPUs: one npm package each, in a folder of its own. `all` leaves them out.",
    ja: 'Python エンジン専用の環境を、ハッシュで固定したパッケージ一覧から作ります。uv があれば uv で、なければ venv と pip で作ります。始める前に、何をダウンロードし、どれだけ場所を取るかを述べます。何が起きても、環境は完全に出来ているか、無いかのどちらかです。その後、小さなモデルで適合性スイートを実行します。終了コード 4 は、エンジンが適合しないことを示します。\nCPU 用のロックは torch の CPU ビルドを指します。パッケージ索引にそれがないマシンでは、--torch-index でそれを持つ索引を、または --find-links で wheel のあるフォルダーを指定します（pip が使うよう設定されたフォルダーは自動で見つかります）。\nllama-cpp@cuda と llama-cpp@vulkan は、Hayasa に付属するエンジンの GPU 用ビルドです。それぞれ一つの npm パッケージで、専用のフォルダーに入ります。`all` には含まれません。',
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
    python: text('PATH', {
      en: 'the Python to build on; default: the first on the path of a locked version',
      ja: '土台にする Python。既定はパス上で最初の、ロックのある版',
    }),
    accelerator: choice('KIND', { en: 'what it will compute on', ja: '計算に使うもの' }, ACCELERATORS, 'cpu'),
    installer: choice(
      'PROGRAM',
      {
        en: 'what installs; default: uv where present, else pip',
        ja: 'インストールに使うプログラム。既定は uv があれば uv、なければ pip',
      },
      INSTALLERS,
      undefined,
    ),
    torchIndex: text('URL', {
      en: "a package index beside the usual one, for torch's CPU build",
      ja: 'いつもの索引に加える、torch の CPU ビルドのためのパッケージ索引',
    }),
    findLinks: text('DIR', { en: 'a folder (or page) of wheels', ja: 'wheel のフォルダー（またはページ）' }),
    skipVerify: flag({ en: 'leave the conformance suite out', ja: '適合性スイートを行わない' }),
    again: flag({ en: 'build it again, though it is there', ja: 'すでにあっても作り直す' }),
    json,
  },
  examples: [
    { line: 'hayasa engines install transformers', comment: { en: 'one engine', ja: '一つのエンジン' } },
    {
      line: 'hayasa engines install all --find-links /media/wheels',
      comment: { en: 'every engine, torch from a folder', ja: 'すべてのエンジン。torch はフォルダーから' },
    },
    {
      line: 'hayasa engines install transformers --accelerator cuda',
      comment: { en: 'for an NVIDIA GPU', ja: 'NVIDIA GPU 用' },
    },
    {
      line: 'hayasa engines install llama-cpp@vulkan',
      comment: { en: "llama.cpp's build for Vulkan", ja: 'llama.cpp の Vulkan 用ビルド' },
    },
  ],
  run: async ({ host, terminal, interrupt }, options, [asked = '']) => {
    const { say } = terminal;
    const chosen = chosenEnvironments(ENGINE_DECLARATIONS, asked);
    const { python, accelerator, installer, torchIndex, findLinks, again } = options;
    const choices: InstallChoices = {
      python,
      accelerator,
      installer,
      sources: {
        ...(torchIndex === undefined ? {} : { torchIndex }),
        ...(findLinks === undefined ? {} : { findLinks }),
      },
      again,
    };
    const signal = interrupt();
    const results: unknown[] = [];
    let conforms = true;
    for (const each of chosen) {
      const label = environmentLabel(each.name);
      if (each.build !== undefined) {
        const installed = await installBuild(terminal, host, each.name, each.build, { signal, again });
        results.push(installed);
        if (!options.json) terminal.write(installedText(label, installed, say));
        continue;
      }
      const view = stageView(terminal);
      const { kind, environment } = await installOne(host, each.name, choices, terminal.say, {
        signal,
        announce: (line) => terminal.writeError(line),
        onStep: ({ en, ja }) => view.show({ en: `${label}: ${en}`, ja: `${label}: ${ja}` }, 0),
        onOutput: () => undefined,
      }).finally(() => view.close());
      const isVerified = kind === 'present' && environment.conformance?.problems.length === 0;
      const verification =
        options.skipVerify || isVerified
          ? undefined
          : await verifyEnvironment(host, each, signal, view.show).finally(() => view.close());
      if (signal.aborted) return EXIT.interrupted;
      conforms &&= verification === undefined || verification.problems.length === 0;
      results.push({ ...environment.record, kind, folder: environment.folder, verification });
      if (options.json) continue;
      terminal.write(
        kind === 'present'
          ? say({
              en: `${label}: was installed already in ${environment.folder}`,
              ja: `${label}: ${environment.folder} にすでにインストール済みです`,
            })
          : say({
              en: `${label}: installed in ${environment.folder}`,
              ja: `${label}: ${environment.folder} にインストールしました`,
            }),
      );
      if (verification !== undefined) terminal.write(verificationText(label, verification, say));
    }
    if (options.json) terminal.write(JSON.stringify({ environments: results }, englishOnly, 2));
    return conforms ? EXIT.ok : EXIT.finishedWithFailures;
  },
});
