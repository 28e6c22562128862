/**
 * What goes wrong with the hub, as errors with a way out. Messages are our own: the client's may hold signed addresses.
 * Codes: `hub/no-access`, `hub/not-found`, `hub/too-many-requests`, `hub/unavailable`, `hub/unreachable`, `hub/stalled`,
 * `hub/cut-off`, `hub/changed`, `hub/corrupt`, `hub/bad-answer`, `hub/interrupted`.
 */

import { EXIT, HayasaError } from '../kernel/errors.ts';
import type { Words } from '../kernel/language.ts';
import { type HubId, hubIdText } from '../models/hub-id.ts';
import type { HubSettings } from './settings.ts';

const GOES_ON: Words = {
  en: 'the same command goes on where it stopped',
  ja: '同じコマンドで続きから再開します',
};

const CHECK_NETWORK: Words = {
  en: `check the network; ${GOES_ON.en}`,
  ja: `ネットワークを確認してください。${GOES_ON.ja}`,
};

/** The error of a failed request about `id`; errors of ours pass unchanged. */
export function hubFailure(error: unknown, id: HubId, { endpoint, token }: HubSettings): HayasaError {
  if (error instanceof HayasaError) return error;
  const what = hubIdText(id);
  const status = statusOf(error);
  if (status === 401 || status === 403) return noAccess(what, status, token !== undefined);
  if (status === 404) {
    return hubError(
      'not-found',
      {
        en: `${what}: no such model or revision at ${endpoint}`,
        ja: `${what}: ${endpoint} にそのようなモデルかリビジョンはありません`,
      },
      {
        en: 'check owner, name and revision; a revision is a branch, a tag or a whole commit',
        ja: '所有者、名前、リビジョンを確認してください。リビジョンはブランチ、タグ、または省略しないコミットハッシュです',
      },
    );
  }
  if (status === 429) {
    return hubError(
      'too-many-requests',
      {
        en: `${what}: the hub answers that there were too many requests`,
        ja: `${what}: リクエストが多すぎるとハブが応答しました`,
      },
      {
        en: `wait a little; ${GOES_ON.en}. A token in HF_TOKEN has a higher limit`,
        ja: `少し待ってください。${GOES_ON.ja}。HF_TOKEN のトークンがあれば上限が上がります`,
      },
    );
  }
  if (status !== undefined) {
    return hubError(
      'unavailable',
      {
        en: `${what}: the hub answers with status ${status}`,
        ja: `${what}: ハブがステータス ${status} を返しました`,
      },
      { en: `try again later: ${GOES_ON.en}`, ja: `あとで試してください: ${GOES_ON.ja}` },
    );
  }
  if (!isNetworkError(error)) {
    return hubError(
      'bad-answer',
      {
        en: `${what}: what answers at ${endpoint} is no hub`,
        ja: `${what}: ${endpoint} で応答しているのはハブではありません`,
      },
      {
        en: 'check HF_ENDPOINT, and whether a proxy stands between',
        ja: 'HF_ENDPOINT と、間にプロキシがないかを確認してください',
      },
    );
  }
  return hubError(
    'unreachable',
    { en: `${what}: no connection to ${endpoint}`, ja: `${what}: ${endpoint} に接続できません` },
    {
      en: `check the network or HF_ENDPOINT; ${GOES_ON.en}. What is in the cache already is used with --offline`,
      ja: `ネットワークか HF_ENDPOINT を確認してください。${GOES_ON.ja}。キャッシュにあるものは --offline で使えます`,
    },
  );
}

/** The hub answers 401 for unknown names too, so that it gives none of the private ones away. */
const noAccess = (what: string, status: number, hasToken: boolean): HayasaError =>
  hubError(
    'no-access',
    {
      en: `${what}: the hub refuses access (${status})`,
      ja: `${what}: ハブがアクセスを拒否しました（${status}）`,
    },
    hasToken
      ? {
          en: 'check that the token in HF_TOKEN may read this model and that its terms are accepted on its page',
          ja: 'HF_TOKEN のトークンにこのモデルの読み取り権限があるか、モデルのページで利用条件に同意済みかを確認してください',
        }
      : {
          en: 'check the name (the hub answers so for unknown ones too); a gated or private model needs a token in HF_TOKEN and its terms accepted on its page',
          ja: '名前を確認してください（存在しない名前でもハブはこう応答します）。アクセス制限付きや非公開のモデルには、HF_TOKEN のトークンと、ページでの利用条件への同意が必要です',
        },
  );

export function hubError(code: string, message: Words, hint: Words): HayasaError {
  return new HayasaError({ code: `hub/${code}`, message, hint });
}

export const interrupted = (id: HubId): HayasaError =>
  new HayasaError({
    code: 'hub/interrupted',
    message: {
      en: `${hubIdText(id)}: download interrupted; what came is kept`,
      ja: `${hubIdText(id)}: ダウンロードを中断しました。届いた分は残してあります`,
    },
    hint: GOES_ON,
    exitCode: EXIT.interrupted,
  });

export const stalled = (what: string, seconds: number): HayasaError =>
  hubError(
    'stalled',
    { en: `${what}: nothing came for ${seconds} s`, ja: `${what}: ${seconds} 秒間何も届きませんでした` },
    CHECK_NETWORK,
  );

export const cutOff = (what: string, got: number, wanted: number): HayasaError =>
  hubError(
    'cut-off',
    {
      en: `${what}: the connection ended again and again, at ${got} of ${wanted} bytes`,
      ja: `${what}: 接続が何度も切れました（${wanted} バイト中 ${got} バイト）`,
    },
    CHECK_NETWORK,
  );

/** Worth another try: the connection, or the hub's own trouble. */
export function isPassing(error: unknown): boolean {
  if (error instanceof HayasaError) return error.code === 'hub/stalled';
  const status = statusOf(error);
  return status === undefined ? isNetworkError(error) : status === 429 || status >= 500;
}

/** What fetch throws: a TypeError whose message begins so, in Node. */
const isNetworkError = (error: unknown): boolean =>
  error instanceof TypeError && /^(?:fetch failed|terminated|network)/i.test(error.message);

/** The status of the client's `HubApiError`. */
function statusOf(error: unknown): number | undefined {
  const status: unknown = (error as { readonly statusCode?: unknown } | null | undefined)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}
