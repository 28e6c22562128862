/** Goes through the candidates of `hayasa quality`, the reference first; a failure is a row of its own. */

import { join } from 'node:path';
import { createExecutor, defaultExecutorId } from '../../executors/registry.ts';
import type { Host } from '../../host/host.ts';
import type { QualityScores } from '../../journal/record-parts.ts';
import type { Words } from '../../kernel/language.ts';
import { launchEnvironment, loadRequest } from '../../run/launch-request.ts';
import { comparedWindows, type LogitsOfWindows, scoreWindows } from '../../run/quality-pass.ts';
import type { WindowedText } from '../../text/scored-windows.ts';
import type { GenerateModel } from '../generate/model.ts';
import type { Candidates, QualityCandidate } from './candidates.ts';
import { type QualityFailure, type QualityRow, qualityRow } from './outcome.ts';

export interface QualityMeasured {
  /** `engine precision`; undefined without a reference, or where it failed. */
  readonly reference: string | undefined;
  readonly rows: readonly QualityRow[];
  readonly failures: readonly QualityFailure[];
}

export async function measureQuality(
  host: Host,
  model: GenerateModel,
  text: WindowedText,
  { reference, candidates }: Candidates,
  onProgress: (stage: Words, fraction: number) => void,
): Promise<QualityMeasured> {
  const { files, clock, system } = host;
  const folder = join(system.cacheFolder, `quality-logits-${clock.monotonic_ns()}`);
  const failures: QualityFailure[] = [];
  const score = async ({ declaration, cell }: QualityCandidate, logits: LogitsOfWindows | undefined) => {
    const scored = await scoreWindows(
      {
        declaration,
        engineVersion: undefined,
        environment: launchEnvironment(declaration, cell),
        load: loadRequest({ identity: cell }, [{ cell }], model.path, system.cacheFolder),
        windows: text.windows,
        logits,
      },
      createExecutor(defaultExecutorId(declaration), host),
      (stage, fraction) => {
        const start = `${declaration.id} ${cell.precision}`;
        onProgress({ en: `${start}: ${stage.en}`, ja: `${start}: ${stage.ja}` }, fraction);
      },
    );
    if (scored.kind === 'ok') return scored.value;
    failures.push({ engine: declaration.id, precision: cell.precision, failure: scored.failure });
    return undefined;
  };
  try {
    const windows = comparedWindows(text.windows, model.vocabularySize ?? 0);
    let own: QualityScores | undefined;
    if (reference !== undefined) own = (await score(reference, { folder, mode: 'write', windows }))?.scores;
    const rows: QualityRow[] = [];
    for (const candidate of candidates) {
      const logits = own === undefined ? undefined : { folder, mode: 'compare' as const, windows };
      const found = await score(candidate, logits);
      if (found === undefined) continue;
      const { declaration, cell } = candidate;
      rows.push(qualityRow({ engine: declaration.id, precision: cell.precision, ...found }, text, own));
    }
    return {
      reference: own === undefined ? undefined : `${reference?.declaration.id ?? ''} fp32`,
      rows,
      failures,
    };
  } finally {
    files.remove(folder);
  }
}
