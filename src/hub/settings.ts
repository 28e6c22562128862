/**
 * Where the hub is and where its files go, from the variables of Hugging Face's own tools: HF_ENDPOINT, HF_TOKEN,
 * HF_HUB_OFFLINE, HF_HUB_CACHE, HF_HOME. The token is only ever sent to the endpoint; no message or record holds it.
 */
import { join } from 'node:path';
import type { SystemFacts } from '../host/host.ts';
import { HayasaError } from '../kernel/errors.ts';

export interface HubSettings {
  /** Without a slash at the end. */
  readonly endpoint: string;
  readonly token: string | undefined;
  /** The folder that holds `models--owner--name`. */
  readonly cacheFolder: string;
}

/** The folder that holds `models--owner--name`: whoever only reads it needs neither a hub nor a token. */
export function hubCacheFolder({ environment, currentFolder }: SystemFacts): string {
  const value = valueIn(environment);
  const home = value('HOME') ?? value('USERPROFILE') ?? currentFolder;
  const hubHome = value('HF_HOME') ?? join(value('XDG_CACHE_HOME') ?? join(home, '.cache'), 'huggingface');
  return value('HF_HUB_CACHE') ?? value('HUGGINGFACE_HUB_CACHE') ?? join(hubHome, 'hub');
}

/** Whether nothing may be asked of the network, by HF_HUB_OFFLINE. */
export const isHubOffline = ({ environment }: SystemFacts): boolean =>
  /^(?:1|true|yes|on)$/i.test(valueIn(environment)('HF_HUB_OFFLINE') ?? '');

/** @throws HayasaError `hub/bad-endpoint`, `hub/bad-token` */
export function hubSettings(system: SystemFacts): HubSettings {
  const value = valueIn(system.environment);
  return {
    endpoint: endpointOf(value('HF_ENDPOINT') ?? 'https://huggingface.co'),
    token: tokenOf(value('HF_TOKEN') ?? value('HUGGING_FACE_HUB_TOKEN')),
    cacheFolder: hubCacheFolder(system),
  };
}

const valueIn =
  (environment: SystemFacts['environment']) =>
  (name: string): string | undefined =>
    environment[name]?.trim() || undefined;

function endpointOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const usable =
    url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.search === '';
  if (usable) return text.replace(/\/+$/, '');
  throw new HayasaError({
    code: 'hub/bad-endpoint',
    message: { en: 'HF_ENDPOINT is no address of a hub', ja: 'HF_ENDPOINT がハブのアドレスではありません' },
    hint: {
      en: 'give http(s)://host without user, password or query, or unset it',
      ja: 'ユーザー名、パスワード、クエリのない http(s)://host を設定するか、設定を外してください',
    },
  });
}

/** The official client takes no other tokens; one with other characters would break a header. */
function tokenOf(text: string | undefined): string | undefined {
  if (text === undefined || /^hf_[\w-]+$/.test(text)) return text;
  throw new HayasaError({
    code: 'hub/bad-token',
    message: {
      en: 'HF_TOKEN is no token of the hub: those begin with hf_',
      ja: 'HF_TOKEN がハブのトークンではありません（hf_ で始まります）',
    },
    hint: {
      en: 'copy it again from the settings of your account, or unset it',
      ja: 'アカウントの設定画面からコピーし直すか、設定を外してください',
    },
  });
}
