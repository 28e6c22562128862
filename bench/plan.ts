/** How long a plan of 100,000 simulated cells takes, from the text of the study on; printed as one JSON line. */
import { ENGINE_DECLARATIONS } from '../src/engines/declarations.ts';
import { realHost } from '../src/host/real-host.ts';
import { describeShape } from '../src/models/architectures/registry.ts';
import { presetOf } from '../src/models/presets.ts';
import { makePlan } from '../src/plan/make-plan.ts';
import { studyVocabulary } from '../src/run/vocabulary.ts';
import { parseStudyOrThrow } from '../src/study/parse.ts';

const STUDY = `name: plan
models: [open-calm-small]
engines: [{id: sim, precisions: [fp32, w8, w4, fp16, bf16], options: {noiseSeed: 1..20}}]
axes: {batch: 1..100, outputTokens: 1..10}
priority: [{batch: 1..10}]
budget: 1h
`;

const { clock } = realHost();
const { shape } = presetOf('open-calm-small');
const start_ns = clock.monotonic_ns();
const study = parseStudyOrThrow(STUDY, studyVocabulary(ENGINE_DECLARATIONS), 'plan');
const plan = makePlan({
  study,
  models: [
    {
      kind: 'checkpoint',
      name: 'open-calm-small',
      modelHash: 'open-calm-small',
      shape,
      description: describeShape(shape),
      checkpointBytes: 0,
      toBeWritten: false,
    },
  ],
  declarations: ENGINE_DECLARATIONS,
  unavailable: {},
  machine: {
    logicalCpus: 2,
    availableMemoryBytes: 64e9,
    freeDiskBytes: 100e9,
    memoryReadBytesPerSecond: undefined,
    float32Flops: undefined,
  },
});
const seconds = Number(clock.monotonic_ns() - start_ns) / 1e9;
const { cells, launches, blocks } = plan;
process.stdout.write(
  `${JSON.stringify({ bench: 'plan', cells: cells.length, launches: launches.length, blocks: blocks.length, seconds })}\n`,
);
