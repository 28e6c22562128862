/**
 * The quality of every loaded model of a study, before the first round: the reference in fp32, then each launch identity
 * once. What an earlier invocation scored is not scored again; what it could not is tried again.
 */

import { join } from 'node:path';
import { type LaunchIdentity, launchIdentity } from '../axes/cell.ts';
import type { EngineDeclaration } from '../engines/declaration.ts';
import { otherWork } from '../engines/other-work.ts';
import type { Executor } from '../executors/executor.ts';
import type { Host } from '../host/host.ts';
import type { QualityScores } from '../journal/record-parts.ts';
import type { JournalRecord } from '../journal/records.ts';
import { qualityKey } from '../journal/state.ts';
import { contentHash } from '../kernel/canonical.ts';
import { type Maybe, missing, present } from '../kernel/maybe.ts';
import type { PlannedCell } from '../plan/plan.ts';
import { knownLimits } from '../plan/token-limits.ts';
import { failureWords } from '../protocol/failure.ts';
import type { OnRunEvent } from './events.ts';
import { launchEnvironment, loadRequest } from './launch-request.ts';
import type { RunModel } from './models.ts';
import type { OpenRun } from './open-run.ts';
import { comparedWindows, type LogitsOfWindows, scoreWindows } from './quality-pass.ts';
import { CONTEXT_TOKENS, type QualityText } from './quality-texts.ts';
import { referenceEngine, referenceIdentity } from './reference-launches.ts';
import type { TimeLimit } from './time-limit.ts';

export interface QualityContext {
  readonly executorOf: (declaration: EngineDeclaration) => Executor;
  readonly onEvent: OnRunEvent;
  readonly interrupted: () => boolean;
  /** Whether the share of the budget that quality may take is used. */
  readonly isLate: () => boolean;
  readonly time: TimeLimit;
}

type QualityRecord = Extract<JournalRecord, { readonly kind: 'quality' }>;
type Measured = NonNullable<QualityRecord['measured']>;
type Role = QualityRecord['role'];

interface Subject {
  readonly identity: LaunchIdentity;
  readonly role: Role;
  readonly cells: readonly PlannedCell[];
}

/** Journals one record for each identity; a study that does not ask for quality gets none. */
export async function measureQualities(
  host: Host,
  run: OpenRun,
  declarations: readonly EngineDeclaration[],
  context: QualityContext,
): Promise<void> {
  const { quality, journal } = run;
  if (quality === undefined) return;
  const { name, hash } = quality.source;
  for (const model of run.models) {
    const text =
      quality.models.get(model.name) ??
      missing({ en: 'not a model of the study', ja: 'スタディのモデルではありません' });
    const record = (subject: Subject, measured: Maybe<Measured>): void => {
      journal.append({
        kind: 'quality',
        cellKeys: subject.cells.map(({ cellKey }) => cellKey),
        model: model.name,
        identity: contentHash(subject.identity),
        role: subject.role,
        text: { name, hash, characters: quality.characters },
        ...(measured.kind === 'value' ? { measured: measured.value } : { missing: measured.reason }),
      });
    };
    const subjects = subjectsOf(run, model);
    if (text.kind === 'missing') {
      for (const subject of subjects) record(subject, text);
    } else {
      await scoreModel({ host, run, declarations, model, text: text.value, ...context }, subjects, record);
    }
  }
}

/** One subject for each way in which the plan loads the model. */
function subjectsOf(run: OpenRun, model: RunModel): Subject[] {
  const byIdentity = new Map<string, { identity: LaunchIdentity; cells: PlannedCell[] }>();
  for (const planned of run.plan.cells) {
    // A control measures other work than the model's: it has no choices to judge.
    if (planned.cell.model !== model.name || otherWork(planned.cell) !== undefined) continue;
    const identity = launchIdentity(planned.cell);
    const key = contentHash(identity);
    const known = byIdentity.get(key) ?? { identity, cells: [] };
    known.cells.push(planned);
    byIdentity.set(key, known);
  }
  return [...byIdentity.values()].map((one) => ({ ...one, role: 'cells' as const }));
}

interface ScoreContext extends QualityContext {
  readonly host: Host;
  readonly run: OpenRun;
  readonly declarations: readonly EngineDeclaration[];
  readonly model: RunModel;
  readonly text: QualityText;
}

async function scoreModel(
  context: ScoreContext,
  subjects: readonly Subject[],
  record: (subject: Subject, measured: Maybe<Measured>) => void,
): Promise<void> {
  const { host, run, model, text } = context;
  const folder = join(run.folder.folder, 'quality-logits');
  const windows = comparedWindows(text.windows, knownLimits(model).vocabularySize);
  const reference = referenceOf(context, subjects);
  const lacksAgreement = windows > 0 && reference !== undefined && hasFailed(run, reference);
  const open = subjects.filter(({ identity }) => !isScored(run, identity, lacksAgreement));
  if (open.length === 0) return;
  try {
    let logits: LogitsOfWindows | undefined;
    if (reference !== undefined) {
      // Its logits are not kept between invocations, so it is scored again.
      const scored = await scoreSubject(context, reference, { folder, mode: 'write', windows });
      record(reference, scored);
      if (scored.kind === 'value') logits = { folder, mode: 'compare', windows };
    }
    for (const subject of open) record(subject, await scoreSubject(context, subject, logits));
  } finally {
    host.files.remove(folder);
  }
}

/** Whether an earlier invocation tried the reference in vain: who was scored then has no agreement. */
function hasFailed({ before }: OpenRun, { role, identity }: Subject): boolean {
  const known = before.qualities.get(qualityKey(role, contentHash(identity)));
  return known !== undefined && known.measured === undefined;
}

/** `lacksAgreement`: a score without one does not count, since a reference that failed is tried again. */
function isScored({ before, quality }: OpenRun, identity: LaunchIdentity, lacksAgreement: boolean): boolean {
  const known = before.qualities.get(qualityKey('cells', contentHash(identity)));
  if (known?.measured === undefined || known.text.hash !== quality?.source.hash) return false;
  return !lacksAgreement || known.measured.scores.agreement !== undefined;
}

/** A model file has no fp32 weights to compare with. */
function referenceOf(
  { run, declarations, model }: ScoreContext,
  [first]: readonly Subject[],
): Subject | undefined {
  const cell = first?.cells[0]?.cell;
  if (cell === undefined || model.kind === 'file') return undefined;
  const engine = referenceEngine(run, cell, declarations);
  if (engine === undefined) return undefined;
  return { identity: referenceIdentity(run, model, engine), role: 'reference', cells: [] };
}

async function scoreSubject(
  { host, declarations, model, text, executorOf, onEvent, interrupted, isLate, time }: ScoreContext,
  { identity }: Subject,
  logits: LogitsOfWindows | undefined,
): Promise<Maybe<Measured>> {
  if (interrupted()) return missing({ en: 'interrupted', ja: '中断されました' });
  if (isLate())
    return missing({
      en: 'a quarter of the budget had passed before its turn, preparation and references included',
      ja: '準備と参照を含め、順番が来る前に予算の 4 分の 1 が過ぎていました',
    });
  const declaration = declarations.find(({ id }) => id === identity.engine);
  if (declaration?.capabilities.logits !== true)
    return missing({ en: 'the engine gives no logits', ja: 'エンジンがロジットを返しません' });
  const load = loadRequest({ identity }, [], model.path, host.system.cacheFolder);
  const scored = await scoreWindows(
    {
      declaration,
      engineVersion: identity.engineVersion,
      environment: launchEnvironment(declaration, identity),
      load: { ...load, limits: limitsOf(text) },
      windows: text.windows,
      logits,
      interrupted,
      time,
    },
    executorOf(declaration),
    (stage, fraction) => {
      onEvent({
        kind: 'stage',
        name: {
          en: `quality of ${declaration.id} ${identity.precision}: ${stage.en}`,
          ja: `${declaration.id} ${identity.precision} の品質: ${stage.ja}`,
        },
        fraction,
      });
    },
  );
  if (scored.kind === 'failed') return missing(failureWords(scored.failure));
  return present(measuredOf(text, scored.value.scores));
}

const limitsOf = ({ windows }: QualityText) => ({
  slots: 1,
  positionsPerSlot: Math.max(...windows.map(({ context, tokens }) => context.length + tokens.length)),
});

const measuredOf = (text: QualityText, scores: QualityScores): Measured => ({
  tokenizer: text.tokenizer,
  comesBack: text.comesBack,
  contextTokens: CONTEXT_TOKENS,
  windows: text.windows.map(({ characters, tokens }) => ({ characters, tokens: tokens.length })),
  scores,
});
