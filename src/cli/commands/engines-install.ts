/** `hayasa engines install`: makes an engine's environment from a hash-locked list, and verifies it. */
import { ENGINE_DECLARATIONS } from '../../engines/declarations.ts';
import { INSTALLERS } from '../../environments/installer.ts';
import { ACCELERATORS } from '../../environments/lock.ts';
import { environmentLabel } from '../../environments/name.ts';
import { EXIT } from '../../kernel/errors.ts';
import { defineCommand } from '../command.ts';
import { chosenEnvironments } from '../environments/chosen.ts';
import { type InstallChoices, installOne } from '../environments/install-one.ts';
import { verificationText, verifyEnvironment } from '../environments/verify.ts';
import { choice, flag, json, text } from '../options.ts';
import { stageView } from '../ui/progress-view.ts';

export const enginesInstallCommand = defineCommand({
  name: 'engines install',
  summary: "make a Python engine's environment, and verify it",
  description:
    "Makes an environment of its own for a Python engine, from a hash-locked list of packages: with uv where it is present, else with venv and pip. It says what it downloads and what it takes before it starts. The environment is whole or absent, whatever happens. Then the conformance suite runs on a tiny model; exit code 4 says that the engine does not conform.\nThe locks for CPUs hold torch's CPU build. A machine whose package index does not have it names one that does with --torch-index, or a folder that holds the wheel with --find-links (a folder that pip is set to use is found by itself).",
  arguments: [
    { name: 'NAME', summary: 'an engine, an engine in a version set (`id@set`), or all', required: true },
  ],
  options: {
    python: text('PATH', 'the Python to build on; default: the first on the path of a locked version'),
    accelerator: choice('KIND', 'what it will compute on', ACCELERATORS, 'cpu'),
    installer: choice('PROGRAM', 'what installs; default: uv where present, else pip', INSTALLERS, undefined),
    torchIndex: text('URL', "a package index beside the usual one, for torch's CPU build"),
    findLinks: text('DIR', 'a folder (or page) of wheels'),
    skipVerify: flag('leave the conformance suite out'),
    again: flag('build it again, though it is there'),
    json,
  },
  examples: [
    { line: 'hayasa engines install transformers', comment: 'one engine' },
    {
      line: 'hayasa engines install all --find-links /media/wheels',
      comment: 'every engine, torch from a folder',
    },
    { line: 'hayasa engines install transformers --accelerator cuda', comment: 'for an NVIDIA GPU' },
  ],
  run: async ({ host, terminal, interrupt }, options, [asked = '']) => {
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
      const view = stageView(terminal);
      const { kind, environment } = await installOne(host, each.name, choices, {
        signal,
        say: (line) => terminal.writeError(line),
        onStep: (name) => view.show(`${label}: ${name}`, 0),
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
        `${label}: ${kind === 'present' ? 'was installed already' : 'installed'} in ${environment.folder}`,
      );
      if (verification !== undefined) terminal.write(verificationText(label, verification));
    }
    if (options.json) terminal.write(JSON.stringify({ environments: results }, null, 2));
    return conforms ? EXIT.ok : EXIT.finishedWithFailures;
  },
});
