/**
 * A generation under ONNX Runtime's own profiler: the session is made anew with profiling on, and its file is read when
 * the session is released. Format: Chrome's trace events ("Trace Event Format", complete events `X`, microseconds); a
 * `model_run` of category Session is one step, events of category Node with `op_name` are its kernels. With sequential
 * execution kernels run one after another, so what they leave of a step is the library's own time and waiting.
 */
import { join } from 'node:path';
import { z } from 'zod';
import type { Host } from '../../host/host.ts';
import { ownPid } from '../../host/own-process.ts';
import { FailureError } from '../../protocol/failure-error.ts';
import type { GenerateRequest } from '../../protocol/frames.ts';
import type { Profile, Sample } from '../../protocol/sample.ts';

export interface ProfiledModel {
  generate(): Sample;
  /** Writes the profile. */
  release(): void;
}

/**
 * Generates twice with a model of its own, and adds the profile of the second generation's decode steps.
 * @param open loads the model with its profile going to files that begin with the prefix
 * @throws FailureError where the request has no decode steps or slots are shared out while it goes on
 */
export function profiledSample(
  { files }: Pick<Host, 'files'>,
  request: GenerateRequest,
  cacheFolder: string,
  open: (profilePrefix: string) => ProfiledModel,
): Sample {
  const steps = Math.max(...request.outputTokens) - 1;
  if (request.batching !== 'static' || steps < 1) {
    throw new FailureError({
      cause: 'unsupported',
      message: {
        en: 'a profile needs static batching and at least two new tokens',
        ja: 'プロファイルには静的バッチと 2 つ以上の新しいトークンが必要です',
      },
    });
  }
  const folder = join(cacheFolder, 'profiles', String(ownPid()));
  files.remove(folder);
  files.makeFolder(folder);
  try {
    const model = open(join(folder, 'onnxruntime'));
    let sample: Sample;
    try {
      // The first generation touches the weights and fills the library's plans.
      model.generate();
      sample = model.generate();
    } finally {
      model.release();
    }
    const [file] = files.list(folder);
    if (file === undefined) {
      throw new FailureError({
        cause: 'engine-error',
        message: { en: 'the library wrote no profile', ja: 'ライブラリがプロファイルを書きませんでした' },
      });
    }
    return { ...sample, profile: readProfile(files.readText(join(folder, file)), steps) };
  } finally {
    files.remove(folder);
  }
}

const eventSchema = z.object({
  cat: z.string().optional(),
  name: z.string().optional(),
  ts: z.number().optional(),
  dur: z.number().optional(),
  args: z.object({ op_name: z.string().optional() }).optional(),
});

/**
 * The last `steps` runs of a profile, by operator; operators that take longest first.
 * @throws FailureError where the file has fewer runs
 */
export function readProfile(text: string, steps: number): Profile {
  const events = z.array(eventSchema).parse(JSON.parse(text));
  const runs = events
    .flatMap(({ name, ts = 0, dur = 0 }) => (name === 'model_run' ? [{ from: ts, to: ts + dur }] : []))
    .sort((a, b) => a.from - b.from)
    .slice(-steps);
  if (runs.length < steps) {
    throw new FailureError({
      cause: 'engine-error',
      message: {
        en: `the profile has ${runs.length} runs, ${steps} were made`,
        ja: `${steps} 回実行しましたが、プロファイルには ${runs.length} 回しかありません`,
      },
    });
  }
  const begin = runs[0]?.from ?? 0;
  const operators = new Map<string, { calls: number; time_us: number }>();
  for (const { cat, ts = 0, dur = 0, args } of events) {
    const operator = args?.op_name;
    if (cat !== 'Node' || operator === undefined || ts < begin) continue;
    const known = operators.get(operator) ?? { calls: 0, time_us: 0 };
    operators.set(operator, { calls: known.calls + 1, time_us: known.time_us + dur });
  }
  return {
    steps,
    elapsed_ns: Math.round(runs.reduce((sum, { from, to }) => sum + to - from, 0) * 1000),
    operators: [...operators]
      .map(([name, { calls, time_us }]) => ({ name, calls, time_ns: Math.round(time_us * 1000) }))
      .sort((a, b) => b.time_ns - a.time_ns),
    method: 'ONNX Runtime profiler: kernels one after another, whole microseconds',
  };
}
