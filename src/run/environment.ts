/**
 * The conditions of a run, fixed when its folder is made: machine, versions, models, and what the plan was made from.
 * A run that goes on reads them back, so that its plan stays the same while memory and disk fill up.
 */

import { versionedEngine } from '../axes/cell.ts';
import type { EngineHealth } from '../engines/adapter.ts';
import { cudaDeviceCount } from '../engines/cuda-devices.ts';
import type { EngineDeclaration } from '../engines/declaration.ts';
import { loadAdapter } from '../engines/load-adapter.ts';
import { type OptionDefaults, optionDefaults, withDefaultsOf } from '../engines/option-defaults.ts';
import type { Host } from '../host/host.ts';
import { contentHash } from '../kernel/canonical.ts';
import { asWords, type Words } from '../kernel/language.ts';
import { presentValue } from '../kernel/maybe.ts';
import type { RecordedWords } from '../kernel/recorded-words.ts';
import { type MachineFacts, readMachineFacts } from '../machine/facts.ts';
import { machineConditions, machineFingerprint } from '../machine/fingerprint.ts';
import { describeShape } from '../models/architectures/registry.ts';
import type { Origin } from '../models/checkpoint/checkpoint.ts';
import type { PlanCheckpoint, PlanFile, PlanMachine, PlanModel } from '../plan/plan.ts';
import type { Study } from '../study/study.ts';
import type { RunModel } from './models.ts';
import type { ModelTexts, PromptOrigin } from './texts.ts';

export interface RunEnvironment {
  readonly runId: string;
  readonly hayasa: string;
  readonly machine: MachineFacts;
  readonly fingerprint: string;
  readonly conditions: Readonly<Record<string, string>>;
  /** Versions of each engine's libraries, by engine (`id`, or `id@version` where a version was asked for). */
  readonly engines: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Why an engine of the study cannot run here. */
  readonly unavailable: Readonly<Record<string, RecordedWords>>;
  /** Defaults of the options of each engine of the study, by id. Absent in earlier runs of version 0.1. */
  readonly optionDefaults?: Readonly<Record<string, OptionDefaults>>;
  readonly planMachine: PlanMachine;
  readonly models: readonly EnvironmentModel[];
  /** Where the prompts of each model come from. Absent in runs of version 0.1, which were fed token ids. */
  readonly prompts?: readonly PromptOrigin[];
}

/** A model without what follows from the rest: its description from the shape. */
export type EnvironmentModel = (Omit<PlanCheckpoint, 'description'> | PlanFile) & { readonly origin: Origin };

/** The model as the plan wants it. Runs of version 0.1 name no kind: theirs are all checkpoints. */
export function planModelOf(model: EnvironmentModel): PlanModel {
  return model.kind === 'file'
    ? model
    : { ...model, kind: 'checkpoint', description: describeShape(model.shape) };
}

/** Why engines of the study cannot run, as the plan wants it. */
export const unavailableReasons = ({
  unavailable,
}: Pick<RunEnvironment, 'unavailable'>): Readonly<Record<string, Words>> =>
  Object.fromEntries(Object.entries(unavailable).map(([engine, reason]) => [engine, asWords(reason)]));

/** Engines with the options and defaults that they had when the run began, from which its cells have their keys. */
export const declarationsOf = (
  { optionDefaults: recorded = {} }: Pick<RunEnvironment, 'optionDefaults'>,
  declarations: readonly EngineDeclaration[],
): EngineDeclaration[] => declarations.map((one) => withDefaultsOf(one, recorded[one.id]));

export interface EnvironmentInput {
  readonly host: Host;
  readonly study: Study;
  readonly models: readonly RunModel[];
  readonly declarations: readonly EngineDeclaration[];
  readonly hayasaVersion: string;
  readonly texts: ModelTexts;
  readonly cacheLimitBytes?: number | undefined;
}

/** Reads the conditions of this machine now. */
export async function readEnvironment(input: EnvironmentInput): Promise<RunEnvironment> {
  const { host, study, models } = input;
  const machine = readMachineFacts(host);
  const used = input.declarations.filter((declaration) =>
    study.engines.some(({ id }) => id === declaration.id),
  );
  const engines: Record<string, Readonly<Record<string, string>>> = {};
  const unavailable: Record<string, RecordedWords> = {};
  for (const declaration of used) {
    const adapter = await loadAdapter(declaration);
    for (const version of versionsAsked(study, declaration.id)) {
      const key = versionedEngine({ engine: declaration.id, engineVersion: version });
      const health = await adapter.health(host, version);
      if (health.kind === 'ready') engines[key] = await adapter.versions(host, version);
      else unavailable[key] = notReady(key, health);
    }
  }
  const fingerprint = machineFingerprint(machine);
  const cudaDevices = cudaDeviceCount(host);
  const prompts = [...input.texts.values()].map(({ origin }) => origin);
  const cut = prompts.filter(({ kind }) => kind === 'text');
  // Prices change no measurement, so that they may be given or changed afterwards.
  const { pricePerHour: _, ...measured } = study;
  const identity = {
    study: measured,
    fingerprint,
    engines,
    hayasa: input.hayasaVersion,
    models: models.map((model) => model.modelHash),
    // Left out where there are none, so that runs of token ids keep their ids.
    ...(cut.length === 0 ? {} : { prompts: cut }),
  };
  return {
    runId: contentHash(identity),
    hayasa: input.hayasaVersion,
    machine,
    fingerprint,
    conditions: machineConditions(machine),
    engines,
    unavailable,
    optionDefaults: Object.fromEntries(used.map((one) => [one.id, optionDefaults(one)])),
    planMachine: {
      logicalCpus: presentValue(machine.limits.allowedCpus) ?? machine.cpu.logicalCpus,
      availableMemoryBytes: availableMemory(machine),
      freeDiskBytes: host.files.freeBytes(host.system.cacheFolder),
      ...(cudaDevices === undefined ? {} : { cudaDevices }),
      ...(input.cacheLimitBytes === undefined ? {} : { cacheLimitBytes: input.cacheLimitBytes }),
      memoryReadBytesPerSecond: undefined,
      float32Flops: undefined,
    },
    models: models.map(environmentModel),
    prompts,
  };
}

function environmentModel({ path: _path, ...model }: RunModel): EnvironmentModel {
  if (model.kind === 'file') return model;
  const { description: _description, ...rest } = model;
  return rest;
}

/** Each version of an engine that the study asks for; undefined is the one that is taken without asking. */
const versionsAsked = (study: Study, engine: string): ReadonlySet<string | undefined> =>
  new Set(study.engines.filter(({ id }) => id === engine).map(({ version }) => version));

function notReady(key: string, health: Exclude<EngineHealth, { readonly kind: 'ready' }>): Words {
  const { reason } = health;
  const how = health.kind === 'installable' ? health.how : undefined;
  return {
    en: `${key} is not ready: ${reason.en}${how === undefined ? '' : ` (${how.en})`}`,
    ja: `${key} は使えません: ${reason.ja}${how === undefined ? '' : `（${how.ja}）`}`,
  };
}

const availableMemory = (machine: MachineFacts): number =>
  Math.min(
    presentValue(machine.memory.availableBytes) ?? machine.memory.totalBytes,
    presentValue(machine.limits.memoryLimitBytes) ?? Number.POSITIVE_INFINITY,
  );
