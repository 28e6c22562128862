/** What pip, venv and uv say when they fail, as errors that a user can act on. Their words are the only interface. */

import { HayasaError } from '../kernel/errors.ts';
import { inEvery, type Words } from '../kernel/language.ts';

interface Explanation {
  readonly code: string;
  readonly pattern: RegExp;
  readonly message: Words;
  readonly hint: Words;
}

/** The first that matches explains the failure: the more specific come first. */
const EXPLANATIONS: readonly Explanation[] = [
  {
    code: 'environment/disk-full',
    pattern: /No space left on device|Disk quota exceeded|os error 28\b/i,
    message: { en: 'the disk is full', ja: 'ディスクに空きがありません' },
    hint: {
      en: 'free space, or set HAYASA_DATA to a folder on a larger disk',
      ja: '空き容量を増やすか、HAYASA_DATA に容量の大きいディスクのフォルダーを設定してください',
    },
  },
  {
    code: 'environment/hash-mismatch',
    pattern: /DO NOT MATCH THE HASHES|Hash mismatch for/i,
    message: {
      en: 'a package is not the one that was locked: its hash differs',
      ja: 'パッケージがロックしたものと違います: ハッシュが一致しません',
    },
    hint: {
      en: 'do not use it; try another mirror, and report it if it stays',
      ja: '使わないでください。別のミラーを試し、それでも続くなら報告してください',
    },
  },
  {
    code: 'environment/no-torch-build',
    pattern:
      /(?:No matching distribution found for|there is no version of|Because) torch\b.*\+cpu|there is no version of torch==/is,
    message: {
      en: "the CPU build of torch that is locked is not on this machine's package index",
      ja: 'ロックした torch の CPU ビルドが、このマシンのパッケージインデックスにありません',
    },
    hint: {
      en: "name the index of torch's CPU builds with --torch-index URL, or a folder that holds the wheel with --find-links DIR",
      ja: '--torch-index URL で torch の CPU ビルドのインデックスを、または --find-links DIR で wheel のあるフォルダーを指定してください',
    },
  },
  {
    code: 'environment/no-network',
    pattern:
      /Temporary failure in name resolution|Name or service not known|Failed to establish a new connection|NewConnectionError|Network is unreachable|Connection refused|dns error|error sending request|Max retries exceeded|\(from versions: none\)/i,
    message: {
      en: 'the package index cannot be reached, or has nothing of what is locked',
      ja: 'パッケージインデックスに接続できないか、ロックしたものが 1 つもありません',
    },
    hint: {
      en: 'check the network and the proxy settings; --find-links DIR installs from a folder of wheels',
      ja: 'ネットワークとプロキシの設定を確認してください。--find-links DIR なら wheel のフォルダーからインストールできます',
    },
  },
  {
    code: 'environment/no-venv',
    pattern: /ensurepip is\s+not\s+(?:available|installed)|No module named '?(?:venv|ensurepip)/i,
    message: {
      en: 'this Python cannot make environments: its venv module is missing',
      ja: 'この Python では環境を作れません: venv モジュールがありません',
    },
    hint: {
      en: 'install it (Debian: apt-get install python3-venv), name another Python with --python, or install uv',
      ja: 'venv をインストールする（Debian: apt-get install python3-venv）か、--python で別の Python を指定するか、uv をインストールしてください',
    },
  },
  {
    code: 'environment/no-build',
    pattern: /No matching distribution found|no version of .*|has no wheels with a matching/i,
    message: {
      en: 'a locked package has no build for this machine',
      ja: 'ロックしたパッケージに、このマシン用のビルドがありません',
    },
    hint: {
      en: 'the last lines say which; another Python version or platform may have one',
      ja: 'どれかは最後の数行に出ています。別の Python のバージョンやプラットフォームにはあるかもしれません',
    },
  },
];

const FAILED: Words = { en: 'failed', ja: '失敗しました' };
const LAST_LINES: Words = {
  en: 'the last lines of the installer say why',
  ja: '原因はインストーラーの最後の数行に出ています',
};

const TAIL_LINES = 12;

/** The error for a step that failed with this output. */
export function explainFailure(environment: string, step: Words, output: string): HayasaError {
  const explanation = EXPLANATIONS.find(({ pattern }) => pattern.test(output));
  const tail = output.trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
  const hint = explanation?.hint ?? LAST_LINES;
  return new HayasaError({
    code: explanation?.code ?? 'environment/failed',
    message: inEvery(
      (say) => `${environment}: ${say(step)}: ${say(explanation?.message ?? FAILED)}\n${tail}`,
    ),
    hint: {
      en: `${hint.en}; nothing was left behind`,
      ja: `${hint.ja}。途中のファイルは残っていません`,
    },
  });
}
