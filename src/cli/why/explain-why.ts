/** Finds two cells of a run, profiles both, and explains the difference. */

import { resolve } from 'node:path';
import { ENGINE_DECLARATIONS, engineDeclaration } from '../../engines/declarations.ts';
import { createExecutor, defaultExecutorId } from '../../executors/registry.ts';
import type { Host } from '../../host/host.ts';
import { readRunInputs, runFolder } from '../../journal/run-folder.ts';
import { HayasaError, ProblemsError } from '../../kernel/errors.ts';
import type { Words } from '../../kernel/language.ts';
import { type Maybe, missing } from '../../kernel/maybe.ts';
import type { Profile } from '../../protocol/sample.ts';
import type { ReportCell } from '../../report/input.ts';
import { findModel, makeModel } from '../../run/models.ts';
import { profileCell } from '../../run/profile-cell.ts';
import { requestOf } from '../../run/prompts.ts';
import { studyVocabulary } from '../../run/vocabulary.ts';
import { parseStudyOrThrow } from '../../study/parse.ts';
import type { Study } from '../../study/study.ts';
import { tokenIdSource } from '../../text/prompt-source.ts';
import { explainDifference } from '../../why/build.ts';
import type { Explanation } from '../../why/model.ts';
import { selectOne } from '../compare/select-one.ts';
import { reportInput } from '../reports.ts';

export interface WhyRequest {
  readonly folder: string;
  readonly a: string;
  readonly b: string;
  readonly margin: number;
  /** Whether the two cells are launched once more, under their engines' profilers. */
  readonly profile: boolean;
}

/** @throws ProblemsError, HayasaError `file/missing`, `run/damaged`, `journal/damaged` */
export async function explainWhy(
  host: Host,
  request: WhyRequest,
  onStage: (name: Words) => void,
): Promise<Explanation> {
  const paths = runFolder(resolve(host.system.currentFolder, request.folder));
  const input = reportInput(host, paths);
  const a = selectOne(input.cells, request.a, 'A', 'hayasa why');
  const b = selectOne(input.cells, request.b, 'B', 'hayasa why');
  if (a === b) {
    const message: Words = { en: 'are the same cell', ja: '同じセルです' };
    throw new ProblemsError('hayasa why', [{ path: 'A and B', message, value: a.cellKey }]);
  }
  const study = parseStudyOrThrow(
    readRunInputs(host.files, paths).studyText,
    studyVocabulary(ENGINE_DECLARATIONS),
    paths.study,
  );
  const profileOf = async (cell: ReportCell): Promise<Maybe<Profile>> => {
    if (!request.profile) return missing({ en: 'not asked for', ja: '求められていません' });
    const {
      engineLabel,
      cell: { precision },
    } = cell;
    onStage({
      en: `profile of ${engineLabel} ${precision}`,
      ja: `${engineLabel} ${precision} のプロファイル`,
    });
    return profiled(host, study, cell);
  };
  const profileA = await profileOf(a);
  const profileB = await profileOf(b);
  return explainDifference({ input, a, b, profileA, profileB, margin: request.margin });
}

/** A model that is gone or changed is a reason, not an error: the rest of the explanation stands. */
async function profiled(host: Host, study: Study, { cell, shape }: ReportCell): Promise<Maybe<Profile>> {
  const declaration = engineDeclaration(cell.engine);
  const named = study.models.find(({ name }) => name === cell.model);
  if (declaration === undefined || named === undefined)
    return missing({
      en: 'its engine or model is unknown here',
      ja: 'そのエンジンかモデルがここではわかりません',
    });
  if (shape.kind === 'missing') return shape;
  try {
    await makeModel(host, named, () => {});
    const model = findModel(host, named);
    if (model.modelHash !== cell.modelHash)
      return missing({
        en: 'the model has changed since it was measured',
        ja: '測定の後でモデルが変わっています',
      });
    const { vocabularySize, bosTokenId, eosTokenId } = shape.value;
    const reservedTokens = [bosTokenId, eosTokenId].filter((id) => id !== undefined);
    // What is written does not matter to a profile of forced length: seeded ids serve for texts too.
    const source = tokenIdSource({ vocabularySize, reservedTokens });
    return await profileCell({
      cell,
      declaration,
      executor: createExecutor(defaultExecutorId(declaration), host),
      modelPath: model.path,
      cacheFolder: host.system.cacheFolder,
      request: requestOf({ ...cell, stop: 'forced' }, shape.value, source, study.seed, 60_000),
    });
  } catch (error) {
    if (error instanceof HayasaError) return missing(error.words);
    throw error;
  }
}
