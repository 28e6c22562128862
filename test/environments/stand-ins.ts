/** Programs that stand in for Python, pip and uv, and a lock for them: installing without a network. */
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InstallTask } from '../../src/environments/install.ts';
import { type Lock, readLocks } from '../../src/environments/lock.ts';
import type { Host } from '../../src/host/host.ts';
import { realHost } from '../../src/host/real-host.ts';

export const NAME = { engine: 'stand-in', versionSet: '1.0' };
export const LABEL = 'stand-in@1.0';

const LOCK = `# Written by python/make_lock.py.
# download-bytes: 1000
# installed-bytes: 2000
numpy==2.4.6 \\
    --hash=sha256:0000000000000000000000000000000000000000000000000000000000000000
stand-in==1.0.2 \\
    --hash=sha256:0000000000000000000000000000000000000000000000000000000000000000
`;

/** Answers as a Python of $STAND_IN_PYTHON does; `pip install` prints $STAND_IN_OUTPUT, and $STAND_IN_PIP says how it ends. */
const PYTHON = `#!/bin/sh
case "$*" in
  # Another program in its place, ended with its parent: here by itself, or tests would need a Python.
  -c*prctl*) shift 2; exec "$@" ;;
  -c*) echo "{\\"version\\": \\"$STAND_IN_PYTHON\\", \\"implementation\\": \\"CPython\\", \\"bits\\": 64, \\"executable\\": \\"$0\\"}" ;;
  "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  "-m pip config list") echo ":env:.find-links='/media/wheels'" ;;
  "-m pip install"*)
    echo "$*" > "$(dirname "$0")/asked"
    printf '%s' "$STAND_IN_OUTPUT" >&2
    echo "$TMPDIR" > "$(dirname "$0")/temporary"
    echo left > "$TMPDIR/unpacked"
    case "$STAND_IN_PIP" in
      fail) exit 1 ;;
      hang) echo started; exec sleep 1000 ;;
    esac ;;
esac
`;
const UV = `#!/bin/sh
case "$1" in
  --version) echo "uv 0" ;;
  venv) mkdir -p "$5/bin" && cp "$(dirname "$0")/python3" "$5/bin/python" ;;
  pip) echo "uv $*" > "$(dirname "$4")/asked" ;;
esac
`;

export interface StandIns {
  readonly host: Host;
  readonly folder: string;
  readonly locksFolder: string;
  readonly lock: Lock;
}

export interface StandInSettings {
  readonly programs?: readonly ('python3' | 'uv')[];
  readonly python?: string;
  /** What `pip install` prints before it fails. */
  readonly failure?: string;
  readonly hangs?: boolean;
}

/** A machine with these programs only, and folders of its own; the caller removes `folder`. */
export function standIns({
  programs = ['python3'],
  python = '3.11.7',
  failure,
  hangs = false,
}: StandInSettings = {}): StandIns {
  const folder = mkdtempSync(join(tmpdir(), 'hayasa-environments-'));
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const program of programs) {
    writeFileSync(join(bin, program), program === 'uv' ? UV : PYTHON);
    chmodSync(join(bin, program), 0o755);
  }
  const locksFolder = join(folder, 'locks');
  const lockFolder = join(locksFolder, NAME.engine, NAME.versionSet);
  mkdirSync(lockFolder, { recursive: true });
  writeFileSync(join(lockFolder, 'cpu-py311.txt'), LOCK);
  const real = realHost();
  const host: Host = {
    ...real,
    system: {
      ...real.system,
      platform: 'linux',
      architecture: 'x64',
      dataFolder: join(folder, 'data'),
      environment: {
        PATH: `${bin}:/usr/bin:/bin`,
        STAND_IN_PYTHON: python,
        STAND_IN_PIP: hangs ? 'hang' : failure === undefined ? 'work' : 'fail',
        STAND_IN_OUTPUT: failure ?? '',
      },
    },
  };
  const [lock] = readLocks(host.files, locksFolder, NAME);
  return { host, folder, locksFolder, lock: lock! };
}

/** Installing that lock with pip. */
export const task = (lock: Lock, changes: Partial<InstallTask> = {}): InstallTask => ({
  lock,
  python: { command: 'python3', executable: 'python3', version: '3.11.7', minor: '3.11' },
  installer: 'pip',
  sources: {},
  signal: new AbortController().signal,
  onStep: () => {},
  onOutput: () => {},
  ...changes,
});
