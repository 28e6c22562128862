/** `--offline`: of the commands that may fetch a model. */
import { flag } from '../options.ts';

export const offlineOption = flag({
  en: 'use the network for nothing: models of the hub must be in the cache (as HF_HUB_OFFLINE=1)',
  ja: 'ネットワークを何にも使わない: ハブのモデルはキャッシュにあること（HF_HUB_OFFLINE=1 と同じ）',
});
