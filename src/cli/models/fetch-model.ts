/** Models of the hub that a command needs: from the cache, else from the network, with progress. */
import { ENGINE_DECLARATIONS } from '../../engines/declarations.ts';
import { cachedSnapshot, type HubPart, type HubSnapshot } from '../../hub/cache.ts';
import { hubCacheFolder } from '../../hub/settings.ts';
import { HayasaError } from '../../kernel/errors.ts';
import { architectureOf } from '../../models/architectures/registry.ts';
import { type HubId, parseHubId } from '../../models/hub-id.ts';
import { localModelCheck } from '../../run/models.ts';
import { studyVocabulary } from '../../run/vocabulary.ts';
import { parseStudyOrThrow } from '../../study/parse.ts';
import type { CommandContext } from '../command.ts';
import type { StudyText } from '../study-file.ts';
import { downloadView } from './download-view.ts';

export interface FetchOptions {
  readonly offline: boolean;
  /** What the revision means now, also where the cache holds one. */
  readonly refresh?: boolean;
  readonly part?: HubPart;
  readonly quiet?: boolean;
}

/** @throws HayasaError `hub/*`, `file/*`, `model/unknown-architecture` */
export async function fetchModel(
  { host, terminal, interrupt }: CommandContext,
  id: HubId,
  { offline, refresh = false, part = 'model', quiet = false }: FetchOptions,
): Promise<HubSnapshot> {
  const cached = cachedSnapshot(host.files, hubCacheFolder(host.system), id, part);
  if (cached !== undefined && !refresh) return cached;
  // Loaded late: the client of the hub would add to the start-up time of every command.
  const { downloadModel } = await import('../../hub/download.ts');
  const view = downloadView(terminal, host.clock);
  return await downloadModel(host, {
    id,
    part,
    offline,
    refresh,
    checkConfig: (text) => checkArchitecture(id, text),
    signal: interrupt(),
    ...(quiet ? {} : { onProgress: view.onProgress }),
  }).finally(view.close);
}

/** Nothing that no engine could open is fetched. @throws HayasaError `model/unknown-architecture`, `checkpoint/bad-json` */
function checkArchitecture({ name }: HubId, configText: string): void {
  architectureOf(jsonOf(name, configText));
}

function jsonOf(name: string, configText: string): unknown {
  try {
    return JSON.parse(configText);
  } catch {
    throw new HayasaError({
      code: 'checkpoint/bad-json',
      message: {
        en: `${name}: its config.json is no JSON`,
        ja: `${name}: config.json が JSON ではありません`,
      },
      hint: { en: 'name another revision', ja: '別のリビジョンを指定してください' },
    });
  }
}

/** Fetches what a study names and the cache lacks. @throws ProblemsError before anything is fetched, and as `fetchModel` */
export async function fetchStudyModels(
  context: CommandContext,
  { studyText, studyName }: StudyText,
  options: FetchOptions,
): Promise<void> {
  const vocabulary = studyVocabulary(ENGINE_DECLARATIONS);
  const study = parseStudyOrThrow(studyText, vocabulary, studyName, localModelCheck(context.host));
  for (const model of study.models) {
    const id = model.kind === 'hub' ? parseHubId(model.hub) : undefined;
    if (id !== undefined) await fetchModel(context, id, options);
  }
}
