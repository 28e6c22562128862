/** What pip, venv and uv say when they fail, as errors that a user can act on. Their words are the only interface. */
import { HayasaError } from '../kernel/errors.ts';

interface Explanation {
  readonly code: string;
  readonly pattern: RegExp;
  readonly message: string;
  readonly hint: string;
}

/** The first that matches explains the failure: the more specific come first. */
const EXPLANATIONS: readonly Explanation[] = [
  {
    code: 'environment/disk-full',
    pattern: /No space left on device|Disk quota exceeded|os error 28\b/i,
    message: 'the disk is full',
    hint: 'free space, or set HAYASA_DATA to a folder on a larger disk',
  },
  {
    code: 'environment/hash-mismatch',
    pattern: /DO NOT MATCH THE HASHES|Hash mismatch for/i,
    message: 'a package is not the one that was locked: its hash differs',
    hint: 'do not use it; try another mirror, and report it if it stays',
  },
  {
    code: 'environment/no-torch-build',
    pattern:
      /(?:No matching distribution found for|there is no version of|Because) torch\b.*\+cpu|there is no version of torch==/is,
    message: "the CPU build of torch that is locked is not on this machine's package index",
    hint: "name the index of torch's CPU builds with --torch-index URL, or a folder that holds the wheel with --find-links DIR",
  },
  {
    code: 'environment/no-network',
    pattern:
      /Temporary failure in name resolution|Name or service not known|Failed to establish a new connection|NewConnectionError|Network is unreachable|Connection refused|dns error|error sending request|Max retries exceeded|\(from versions: none\)/i,
    message: 'the package index cannot be reached, or has nothing of what is locked',
    hint: 'check the network and the proxy settings; --find-links DIR installs from a folder of wheels',
  },
  {
    code: 'environment/no-venv',
    pattern: /ensurepip is\s+not\s+(?:available|installed)|No module named '?(?:venv|ensurepip)/i,
    message: 'this Python cannot make environments: its venv module is missing',
    hint: 'install it (Debian: apt-get install python3-venv), name another Python with --python, or install uv',
  },
  {
    code: 'environment/no-build',
    pattern: /No matching distribution found|no version of .*|has no wheels with a matching/i,
    message: 'a locked package has no build for this machine',
    hint: 'the last lines say which; another Python version or platform may have one',
  },
];

const TAIL_LINES = 12;

/** The error for a step that failed with this output. */
export function explainFailure(environment: string, step: string, output: string): HayasaError {
  const explanation = EXPLANATIONS.find(({ pattern }) => pattern.test(output));
  const tail = output.trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
  return new HayasaError({
    code: explanation?.code ?? 'environment/failed',
    message: `${environment}: ${step}: ${explanation?.message ?? 'failed'}\n${tail}`,
    hint: `${explanation?.hint ?? 'the last lines of the installer say why'}; nothing was left behind`,
  });
}
