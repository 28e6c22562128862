/** Plans of small studies on a small machine, for tests. */
import { simDeclaration } from '../engines/sim/declaration.ts';
import { describeShape } from '../models/architectures/registry.ts';
import { presetOf } from '../models/presets.ts';
import { parseStudyOrThrow } from '../study/parse.ts';
import { makePlan, type PlanInput } from './make-plan.ts';
import type { Plan, PlanCheckpoint, PlanModel } from './plan.ts';

export const GB = 1e9;
export const vocabulary = { engines: [simDeclaration], presets: ['tiny', 'open-calm-small'], metrics: [] };

export const modelOf = (preset: string, change: Partial<PlanCheckpoint> = {}): PlanModel => {
  const { shape } = presetOf(preset);
  const description = describeShape(shape);
  return {
    kind: 'checkpoint',
    name: preset,
    modelHash: preset,
    shape,
    description,
    checkpointBytes: GB,
    toBeWritten: false,
    ...change,
  };
};

export const machine = {
  logicalCpus: 2,
  availableMemoryBytes: 8 * GB,
  freeDiskBytes: 100 * GB,
  memoryReadBytesPerSecond: 20e9,
  float32Flops: 100e9,
};

export const plan = (yaml: string, change: Partial<PlanInput> = {}): Plan =>
  makePlan({
    study: parseStudyOrThrow(`name: t\nmodels: [tiny]\n${yaml}`, vocabulary, 't'),
    models: [modelOf('tiny')],
    declarations: [simDeclaration],
    unavailable: {},
    machine,
    ...change,
  });
