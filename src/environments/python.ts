/** Finds a Python of a version that an environment is locked for. */
import { z } from 'zod';
import type { Host } from '../host/host.ts';
import { runProcess } from '../host/run-process.ts';
import { HayasaError } from '../kernel/errors.ts';
import { inEvery, same, type Words } from '../kernel/language.ts';

export interface Python {
  readonly command: string;
  /** The interpreter that the command came to: a path. */
  readonly executable: string;
  /** `3.11.7` */
  readonly version: string;
  /** `3.11` */
  readonly minor: string;
}

const probeSchema = z.object({
  version: z.string(),
  implementation: z.string(),
  bits: z.number(),
  executable: z.string().min(1),
});
const PROBE =
  'import json, platform, sys; print(json.dumps({"version": platform.python_version(), "implementation": platform.python_implementation(), "bits": 64 if sys.maxsize > 2**32 else 32, "executable": sys.executable}))';

type Probed =
  | { readonly kind: 'python'; readonly python: Python }
  | { readonly kind: 'unusable'; readonly reason: Words };

const SILENT: Words = { en: 'it does not run', ja: '動きません' };

/**
 * The Python `named`, or the first on the path, whose minor version is in `minors` (`3.11`).
 * @throws HayasaError `environment/no-python`, `environment/wrong-python`
 */
export async function findPython(
  host: Pick<Host, 'system'>,
  minors: readonly string[],
  named?: string,
): Promise<Python> {
  const candidates =
    named === undefined ? [...minors.map((minor) => `python${minor}`), 'python3', 'python'] : [named];
  const tried: Words[] = [];
  let runs = false;
  for (const command of candidates) {
    const probed = await probe(host, command);
    if (probed.kind === 'unusable') {
      tried.push(inEvery((say) => `${command}: ${say(probed.reason)}`));
      continue;
    }
    runs = true;
    if (minors.includes(probed.python.minor)) return probed.python;
    tried.push(same(`${command}: Python ${probed.python.version}`));
  }
  const wanted = minors.join(' or ');
  throw new HayasaError({
    code: runs ? 'environment/wrong-python' : 'environment/no-python',
    message: {
      en: `no Python ${wanted} (${tried.map(({ en }) => en).join('; ')})`,
      ja: `Python ${wanted} がありません（${tried.map(({ ja }) => ja).join('; ')}）`,
    },
    hint: {
      en: `install Python ${wanted} and name it with --python PATH`,
      ja: `Python ${wanted} をインストールし、--python PATH で指定してください`,
    },
  });
}

async function probe({ system }: Pick<Host, 'system'>, command: string): Promise<Probed> {
  const { exit, stdout, stderr } = await runProcess({
    command,
    args: ['-c', PROBE],
    environment: system.environment,
  });
  if (exit.kind === 'not-started')
    return { kind: 'unusable', reason: { en: 'not found', ja: '見つかりません' } };
  if (exit.kind !== 'exited' || exit.code !== 0) {
    return {
      kind: 'unusable',
      reason: stderr.trim() === '' ? SILENT : same(stderr.trim().split('\n').at(-1) ?? ''),
    };
  }
  const parsed = probeSchema.safeParse(parseJson(stdout));
  if (!parsed.success)
    return {
      kind: 'unusable',
      reason: { en: 'it does not answer as a Python does', ja: 'Python としての応答がありません' },
    };
  const { version, implementation, bits, executable } = parsed.data;
  if (implementation !== 'CPython' || bits !== 64) {
    return {
      kind: 'unusable',
      reason: {
        en: `${implementation}, ${bits} bit, instead of CPython, 64 bit`,
        ja: `64 ビットの CPython ではなく ${bits} ビットの ${implementation} です`,
      },
    };
  }
  const minor = version.split('.').slice(0, 2).join('.');
  return { kind: 'python', python: { command, executable, version, minor } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
