/**
 * What goes wrong with the hub, as errors with a way out. Messages are our own: the client's may hold signed addresses.
 * Codes: `hub/no-access`, `hub/not-found`, `hub/too-many-requests`, `hub/unavailable`, `hub/unreachable`, `hub/stalled`,
 * `hub/cut-off`, `hub/changed`, `hub/corrupt`, `hub/bad-answer`, `hub/interrupted`.
 */
import { EXIT, HayasaError } from '../kernel/errors.ts';
import { type HubId, hubIdText } from '../models/hub-id.ts';
import type { HubSettings } from './settings.ts';

const GOES_ON = 'the same command goes on where it stopped';

/** The error of a failed request about `id`; errors of ours pass unchanged. */
export function hubFailure(error: unknown, id: HubId, { endpoint, token }: HubSettings): HayasaError {
  if (error instanceof HayasaError) return error;
  const what = hubIdText(id);
  const status = statusOf(error);
  if (status === 401 || status === 403) return noAccess(what, status, token !== undefined);
  if (status === 404) {
    return hubError(
      'not-found',
      `${what}: no such model or revision at ${endpoint}`,
      'check owner, name and revision; a revision is a branch, a tag or a whole commit',
    );
  }
  if (status === 429) {
    return hubError(
      'too-many-requests',
      `${what}: the hub answers that there were too many requests`,
      `wait a little; ${GOES_ON}. A token in HF_TOKEN has a higher limit`,
    );
  }
  if (status !== undefined) {
    return hubError(
      'unavailable',
      `${what}: the hub answers with status ${status}`,
      `try again later: ${GOES_ON}`,
    );
  }
  if (!isNetworkError(error)) {
    return hubError(
      'bad-answer',
      `${what}: what answers at ${endpoint} is no hub`,
      'check HF_ENDPOINT, and whether a proxy stands between',
    );
  }
  return hubError(
    'unreachable',
    `${what}: no connection to ${endpoint}`,
    `check the network or HF_ENDPOINT; ${GOES_ON}. What is in the cache already is used with --offline`,
  );
}

/** The hub answers 401 for unknown names too, so that it gives none of the private ones away. */
const noAccess = (what: string, status: number, hasToken: boolean): HayasaError =>
  hubError(
    'no-access',
    `${what}: the hub refuses access (${status})`,
    hasToken
      ? 'check that the token in HF_TOKEN may read this model and that its terms are accepted on its page'
      : 'check the name (the hub answers so for unknown ones too); a gated or private model needs a token in HF_TOKEN and its terms accepted on its page',
  );

export function hubError(code: string, message: string, hint: string): HayasaError {
  return new HayasaError({ code: `hub/${code}`, message, hint });
}

export const interrupted = (id: HubId): HayasaError =>
  new HayasaError({
    code: 'hub/interrupted',
    message: `${hubIdText(id)}: download interrupted; what came is kept`,
    hint: GOES_ON,
    exitCode: EXIT.interrupted,
  });

export const stalled = (what: string, seconds: number): HayasaError =>
  hubError('stalled', `${what}: nothing came for ${seconds} s`, `check the network; ${GOES_ON}`);

export const cutOff = (what: string, got: number, wanted: number): HayasaError =>
  hubError(
    'cut-off',
    `${what}: the connection ended again and again, at ${got} of ${wanted} bytes`,
    `check the network; ${GOES_ON}`,
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
