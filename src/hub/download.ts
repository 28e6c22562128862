/**
 * A model of the hub into the cache: what the cache holds is used as it is, the rest is fetched. config.json gets its place
 * in the snapshot last, so that no unfinished snapshot opens as a checkpoint.
 */
import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import { EXIT, HayasaError } from '../kernel/errors.ts';
import { type HubId, hubIdText } from '../models/hub-id.ts';
import { cachedSnapshot, type HubPart, type HubSnapshot, repositoryFolder, snapshotFolder } from './cache.ts';
import { hubError, hubFailure, interrupted } from './failures.ts';
import { bytesHere, fetchFile } from './fetch-file.ts';
import { type HubFile, type HubRepository, openRepository } from './repository.ts';
import { type HubSettings, hubCacheFolder, hubSettings, isHubOffline } from './settings.ts';
import { INDEX_FILE, shardNames, wantedFirst } from './wanted.ts';

export interface HubProgress {
  /** `owner/name`, and the file that is being fetched. */
  readonly model: string;
  readonly file: string;
  readonly bytes: number;
  readonly totalBytes: number;
  /** Fetched per second since the beginning; undefined in the first second. */
  readonly bytesPerSecond: number | undefined;
}

export interface HubRequest {
  readonly id: HubId;
  readonly part: HubPart;
  /** Asks the network for nothing, as HF_HUB_OFFLINE does. */
  readonly offline?: boolean;
  /** Asks the hub what the revision means now, also where the cache holds one. */
  readonly refresh?: boolean;
  /** Throws where nothing here can run such a model, before its weights are fetched. Gets the text of config.json. */
  readonly checkConfig?: (text: string) => void;
  readonly onProgress?: (progress: HubProgress) => void;
  readonly signal?: AbortSignal;
}

/** @throws HayasaError `hub/*` (exit code 2; 3 where the disk is too small, 130 when interrupted), `file/*` */
export async function downloadModel(host: Host, request: HubRequest): Promise<HubSnapshot> {
  const { id, part, refresh = false } = request;
  const cacheFolder = hubCacheFolder(host.system);
  const offline = request.offline === true || isHubOffline(host.system);
  const cached = cachedSnapshot(host.files, cacheFolder, id, part);
  if (cached !== undefined && (!refresh || offline)) return cached;
  if (offline) {
    throw hubError(
      'offline',
      {
        en: `${hubIdText(id)} is not in ${cacheFolder}, and the network is switched off`,
        ja: `${hubIdText(id)} が ${cacheFolder} になく、ネットワークは使わない設定です`,
      },
      {
        en: `leave --offline out and unset HF_HUB_OFFLINE, or fetch it once: hayasa models download ${hubIdText(id)}`,
        ja: `--offline を省いて HF_HUB_OFFLINE の設定を外すか、一度ダウンロードしてください: hayasa models download ${hubIdText(id)}`,
      },
    );
  }
  const settings = hubSettings(host.system);
  const signal = request.signal ?? new AbortController().signal;
  try {
    return await fetchSnapshot(host, settings, request, signal);
  } catch (error) {
    if (signal.aborted) throw interrupted(id);
    throw hubFailure(error, id, settings);
  }
}

async function fetchSnapshot(
  host: Host,
  settings: HubSettings,
  { id, part, checkConfig, onProgress }: HubRequest,
  signal: AbortSignal,
): Promise<HubSnapshot> {
  const { files } = host;
  const { cacheFolder } = settings;
  const repository = await openRepository(host, settings, id, signal);
  const { commit } = repository;
  const blobs = join(repositoryFolder(cacheFolder, id), 'blobs');
  const named = (name: string): HubFile => fileNamed(repository, name);
  const blobText = (name: string): string => files.readText(join(blobs, named(name).hash.hex));
  const first = wantedFirst(
    id.name,
    repository.files.map(({ name }) => name),
    part,
  );
  const isWeights = (name: string): boolean => name.endsWith('.safetensors');

  const fetchAll = fetcher(host, repository, blobs, onProgress, signal);
  const small = first.filter((name) => !isWeights(name)).map(named);
  await fetchAll(small);
  if (part === 'model') checkConfig?.(blobText('config.json'));
  const weights = first.includes(INDEX_FILE) ? shardsOf(id, blobText(INDEX_FILE)) : first.filter(isWeights);
  await fetchAll(weights.map(named));

  const folder = snapshotFolder(cacheFolder, id, commit);
  const all = [...small, ...weights.map(named)];
  for (const file of all.sort(
    (a, b) => Number(a.name === 'config.json') - Number(b.name === 'config.json'),
  )) {
    files.symbolicLink(`../../blobs/${file.hash.hex}`, join(folder, file.name));
  }
  if (id.revision !== commit)
    files.writeText(join(repositoryFolder(cacheFolder, id), 'refs', id.revision), commit);
  return { folder, commit };
}

/** Fetches lists of files in turn, with one progress over each list. */
function fetcher(
  host: Host,
  repository: HubRepository,
  blobs: string,
  onProgress: HubRequest['onProgress'],
  signal: AbortSignal,
): (list: readonly HubFile[]) => Promise<void> {
  const { files, clock } = host;
  return async (list) => {
    const totalBytes = list.reduce((sum, { bytes }) => sum + bytes, 0);
    const here = list.map((file) => bytesHere(files, blobs, file));
    const sum = (): number => here.reduce((total, bytes) => total + bytes, 0);
    const before = sum();
    checkDisk(host, repository, blobs, totalBytes - before);
    const begin_ns = clock.monotonic_ns();
    for (const [index, file] of list.entries()) {
      const report = (bytes: number): void => {
        here[index] = bytes;
        const seconds = Number(clock.monotonic_ns() - begin_ns) / 1e9;
        onProgress?.({
          model: repository.id.name,
          file: file.name,
          bytes: sum(),
          totalBytes,
          bytesPerSecond: seconds < 1 ? undefined : (sum() - before) / seconds,
        });
      };
      await fetchFile(host, repository, file, blobs, report, signal);
    }
  };
}

function checkDisk({ files }: Host, { id }: HubRepository, blobs: string, neededBytes: number): void {
  const free = files.freeBytes(blobs);
  if (neededBytes <= free) return;
  throw new HayasaError({
    code: 'hub/disk-full',
    message: {
      en: `${hubIdText(id)} needs ${neededBytes} bytes more, and ${blobs} has room for ${free}`,
      ja: `${hubIdText(id)} にはあと ${neededBytes} バイト必要ですが、${blobs} の空きは ${free} バイトです`,
    },
    hint: {
      en: 'free some space, or set HF_HUB_CACHE to a folder on a larger disk',
      ja: '空き容量を増やすか、HF_HUB_CACHE に容量の大きいディスクのフォルダーを設定してください',
    },
    exitCode: EXIT.refusedByPlan,
  });
}

function fileNamed({ id, files }: HubRepository, name: string): HubFile {
  const found = files.find((file) => file.name === name);
  if (found !== undefined) return found;
  throw hubError(
    'missing-file',
    {
      en: `${id.name}: its index names ${name}, which the repository lacks`,
      ja: `${id.name}: インデックスにある ${name} がリポジトリにありません`,
    },
    { en: 'name another revision', ja: '別のリビジョンを指定してください' },
  );
}

function shardsOf(id: HubId, index: string): string[] {
  const names = shardNames(index);
  if (names !== undefined && names.length > 0) return names;
  throw hubError(
    'bad-index',
    {
      en: `${id.name}: ${INDEX_FILE} names no safetensors files in its folder`,
      ja: `${id.name}: ${INDEX_FILE} にフォルダー内の safetensors ファイルが 1 つも書かれていません`,
    },
    { en: 'name another revision', ja: '別のリビジョンを指定してください' },
  );
}
