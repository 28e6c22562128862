/** What an installation says that was interrupted, of a Python environment or of a build from npm. */
import { EXIT, HayasaError } from '../kernel/errors.ts';

/** `label`: engine and version, e.g. `vllm@0.32.0`. Exit code 130. */
export const interrupted = (label: string): HayasaError =>
  new HayasaError({
    code: 'environment/interrupted',
    message: {
      en: `${label}: interrupted; nothing was left behind`,
      ja: `${label}: 中断しました。途中のファイルは残っていません`,
    },
    hint: {
      en: `to install it: hayasa engines install ${label}`,
      ja: `インストールするには: hayasa engines install ${label}`,
    },
    exitCode: EXIT.interrupted,
  });
