/** A repository of the hub as the official client tells of it: the commit of a revision, and the files at its top. */

import { downloadFile, fileDownloadInfo, listFiles, modelInfo } from '@huggingface/hub';
import type { Host } from '../host/host.ts';
import type { Words } from '../kernel/language.ts';
import type { HubId } from '../models/hub-id.ts';
import { COMMIT } from './cache.ts';
import { withDeadline, withTries } from './deadline.ts';
import { hubError, hubFailure } from './failures.ts';
import type { HubSettings } from './settings.ts';

export interface HubFile {
  readonly name: string;
  readonly bytes: number;
  /** Of the content: SHA-256 of a large file, git's SHA-1 of a small one. Names its blob in the cache. */
  readonly hash: { readonly kind: 'sha256' | 'git-sha1'; readonly hex: string };
}

export interface HubContent {
  readonly stream: ReadableStream<Uint8Array>;
  /** Why the server gave no bytes, where it answered with something else: the client's stream says only that it ended. */
  refusal(): Error | undefined;
}

export interface HubRepository {
  readonly id: HubId;
  /** What the revision means now. */
  readonly commit: string;
  readonly files: readonly HubFile[];
  /** The bytes of `file` from `start` on. @throws what fetch throws, HayasaError `hub/changed` */
  open(file: HubFile, start: number, signal: AbortSignal): Promise<HubContent>;
}

/** @throws HayasaError of `failures.ts` */
export async function openRepository(
  host: Host,
  settings: HubSettings,
  id: HubId,
  signal: AbortSignal,
): Promise<HubRepository> {
  const { endpoint, token } = settings;
  const { clock } = host;
  const repo = { type: 'model', name: id.name } as const;
  const access = (during: AbortSignal, onRefused?: (error: Error) => void) => ({
    hubUrl: endpoint,
    fetch: guardedFetch(host, endpoint, id.name, during, onRefused),
    ...(token === undefined ? {} : { accessToken: token }),
  });
  const ask = async <T>(question: () => Promise<T>): Promise<T> => {
    try {
      return await withTries(clock, signal, question);
    } catch (error) {
      throw hubFailure(error, id, settings);
    }
  };
  const { sha } = await ask(() =>
    modelInfo({ ...access(signal), name: id.name, revision: id.revision, additionalFields: ['sha'] }),
  );
  if (!COMMIT.test(sha)) throw badAnswer(id, { en: 'names no commit', ja: 'がコミットを返しません' });
  const files = await ask(async () => {
    const listed: HubFile[] = [];
    for await (const entry of listFiles({ ...access(signal), repo, revision: sha })) {
      if (entry.type === 'file') listed.push(hubFile(id, entry));
    }
    return listed;
  });
  return {
    id,
    commit: sha,
    files,
    open: async (file, start, during) => {
      let refusal: Error | undefined;
      const onRefused = (error: Error): void => {
        refusal = error;
      };
      const request = { ...access(during, onRefused), repo, path: file.name, revision: sha };
      const info = await fileDownloadInfo(request);
      if (info === null || info.size !== file.bytes) throw changed(id, file);
      // Plain requests of byte ranges: one way, which also caches and mirrors of the hub know.
      const blob = await downloadFile({ ...request, downloadInfo: info, xet: false });
      if (blob === null) throw changed(id, file);
      const stream = (start === 0 ? blob : blob.slice(start)).stream() as ReadableStream<Uint8Array>;
      return { stream, refusal: () => refusal };
    },
  };
}

/**
 * The host's fetch with a deadline for the beginning of an answer. Whatever address a redirect gave, the token goes to the
 * endpoint only. A server that answers a range of bytes with the whole
 * file is a failure here: its bytes would be appended in the wrong place.
 */
function guardedFetch(
  { clock, network }: Host,
  endpoint: string,
  what: string,
  signal: AbortSignal,
  onRefused?: (error: Error) => void,
): typeof fetch {
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    const address = input instanceof Request ? input.url : input;
    if (new URL(address).origin !== new URL(endpoint).origin) headers.delete('authorization');
    const response = await withDeadline(clock, what, network.fetch(input, { ...init, headers, signal }));
    if (!response.ok) onRefused?.(Object.assign(new Error('refused'), { statusCode: response.status }));
    const range = headers.get('range');
    if (response.status !== 200 || range === null || range === 'bytes=0-0') return response;
    await response.body?.cancel();
    const error = hubError(
      'bad-answer',
      {
        en: `${what}: the server ignores ranges of bytes, so a download cannot go on`,
        ja: `${what}: サーバーがバイト範囲の指定を無視するため、ダウンロードを再開できません`,
      },
      {
        en: 'remove the .incomplete file in its blobs folder and begin again',
        ja: 'blobs フォルダーの .incomplete ファイルを削除し、最初からやり直してください',
      },
    );
    onRefused?.(error);
    throw error;
  };
}

interface ListedFile {
  readonly path: string;
  readonly size: number;
  readonly oid?: string;
  readonly lfs?: { readonly oid: string; readonly size: number };
}

function hubFile(id: HubId, { path, size, oid, lfs }: ListedFile): HubFile {
  const hex = lfs?.oid ?? oid ?? '';
  const kind = lfs === undefined ? 'git-sha1' : 'sha256';
  const bytes = lfs?.size ?? size;
  const isHash = kind === 'sha256' ? /^[0-9a-f]{64}$/.test(hex) : COMMIT.test(hex);
  if (!isHash || !Number.isSafeInteger(bytes) || bytes < 0)
    throw badAnswer(id, {
      en: `gives no hash or size of ${path}`,
      ja: `が ${path} のハッシュかサイズを返しません`,
    });
  return { name: path, bytes, hash: { kind, hex } };
}

const badAnswer = (id: HubId, message: Words) =>
  hubError(
    'bad-answer',
    { en: `${id.name}: the hub ${message.en}`, ja: `${id.name}: ハブ${message.ja}` },
    {
      en: 'check HF_ENDPOINT, and whether a proxy stands between',
      ja: 'HF_ENDPOINT と、間にプロキシがないかを確認してください',
    },
  );

const changed = (id: HubId, { name }: HubFile) =>
  hubError(
    'changed',
    {
      en: `${id.name}: ${name} is not what the hub listed`,
      ja: `${id.name}: ${name} がハブの一覧と一致しません`,
    },
    {
      en: 'begin again: the same command asks for the list anew',
      ja: 'もう一度実行してください: 同じコマンドで一覧を取得し直します',
    },
  );
