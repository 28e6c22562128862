/** A part's result as a file: what was measured, on what, under which noise. No host name, no serial numbers. */
import { fileURLToPath } from 'node:url';
import { hayasaVersion } from '../src/cli/version.ts';
import type { Host } from '../src/host/host.ts';
import { presentValue } from '../src/kernel/maybe.ts';
import { readMachineFacts } from '../src/machine/facts.ts';
import { anonymiser, anonymous } from '../src/record/anonymous.ts';

export interface Conditions {
  /** UTC. */
  readonly wallTime: string;
  readonly hayasa: string;
  readonly node: string;
  readonly packages: Readonly<Record<string, string>>;
  readonly cpuModel: string | undefined;
  readonly logicalCpus: number;
  readonly hypervisor: string | undefined;
}

/** A path in the repository, from compiled code. */
export const repositoryPath = (path: string): string =>
  fileURLToPath(new URL(`../../${path}`, import.meta.url));

export const RESULTS_FOLDER = repositoryPath('bench/results');
export const MODULES_FOLDER = repositoryPath('node_modules');

export function conditions(host: Host): Conditions {
  const facts = readMachineFacts(host);
  const packages = ['onnxruntime-node', '@node-llama-cpp/linux-x64', 'koffi'].map(
    (name): [string, string] => {
      const text = host.files.tryReadText(repositoryPath(`node_modules/${name}/package.json`));
      return [name, text === undefined ? 'not installed' : (JSON.parse(text) as { version: string }).version];
    },
  );
  return {
    wallTime: host.clock.wallTime(),
    hayasa: hayasaVersion(host.files),
    node: host.system.nodeVersion,
    packages: Object.fromEntries(packages),
    cpuModel: presentValue(facts.cpu.model),
    logicalCpus: host.system.logicalCpus,
    hypervisor: presentValue(facts.hypervisor),
  };
}

/** Writes `<date>-<part>.json`, over an earlier one of the same day, without names and paths of the machine. @returns its path */
export function writeResult(host: Host, part: string, result: Readonly<Record<string, unknown>>): string {
  const file = `${host.clock.wallTime().slice(0, 10)}-${part}.json`;
  const path = `${RESULTS_FOLDER}/${file}`;
  const { hostName, userName, homeFolder, currentFolder, cacheFolder, dataFolder } = host.system;
  const folders = [cacheFolder, dataFolder, currentFolder, homeFolder ?? ''];
  const published = anonymous(
    { part, ...conditions(host), ...result },
    anonymiser({ hostName, userName, folders, models: [] }),
  );
  host.files.writeText(path, `${JSON.stringify(published, null, 2)}\n`);
  return path;
}
