/** Output of real pip 23 to 25, uv 0.13 and venv, shortened; hosts are not part of it. */

import { describe, expect, it } from 'vitest';
import { same } from '../kernel/language.ts';
import { explainFailure } from './explain.ts';

const outputs: Readonly<Record<string, readonly string[]>> = {
  'environment/no-network': [
    `WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after connection broken by 'NewConnectionError("HTTPConnection(host='127.0.0.1', port=9): Failed to establish a new connection: [Errno 111] Connection refused")': /simple/ctranslate2/
ERROR: Could not find a version that satisfies the requirement ctranslate2==4.8.5 (from versions: none)
ERROR: No matching distribution found for ctranslate2==4.8.5`,
    `ERROR: Could not find a version that satisfies the requirement ctranslate2==4.8.5 (from versions: none)
ERROR: No matching distribution found for ctranslate2==4.8.5`,
    `error: Request failed after 3 retries in 7.6s
  cause: error sending request for url (http://127.0.0.1:9/simple/ctranslate2/)
  cause: Connection refused (os error 111)`,
    `error: Failed to fetch: http://nowhere.invalid/simple/ctranslate2/
  cause: dns error
  cause: failed to lookup address information: Name or service not known`,
  ],
  'environment/hash-mismatch': [
    `ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated the package versions, please update the hashes. Otherwise, examine the package contents carefully; someone may have tampered with them.
    pyyaml==6.0.4 from file (from -r bad.txt (line 1)):
        Expected sha256 000c22b6f490d6cc
             Got        622aa875fa6533f2`,
    `error: Failed to download \`safetensors==0.8.0\`
  cause: Hash mismatch for \`safetensors==0.8.0\``,
  ],
  'environment/no-torch-build': [
    `ERROR: Could not find a version that satisfies the requirement torch==2.13.0+cpu (from versions: 2.12.1, 2.13.0, 2.14.0)
ERROR: No matching distribution found for torch==2.13.0+cpu`,
    `error: No solution found when resolving dependencies
  cause: Because there is no version of torch==2.13.0+cpu and you require torch==2.13.0+cpu, we can conclude that your requirements are unsatisfiable.`,
  ],
  'environment/disk-full': [
    'ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device',
    'error: Failed to install: ctranslate2-4.8.5-cp311.whl (ctranslate2==4.8.5)\n  cause: failed to copy file: No space left on device (os error 28)',
  ],
  'environment/no-venv': [
    'The virtual environment was not created successfully because ensurepip is not\navailable.  On Debian/Ubuntu systems, you need to install the python3-venv\npackage using the following command.',
    '/usr/bin/python3: No module named venv',
  ],
  'environment/no-build': [
    `ERROR: Could not find a version that satisfies the requirement openvino==2026.4.1 (from versions: 2024.1.0, 2025.0.0)
ERROR: No matching distribution found for openvino==2026.4.1`,
  ],
  'environment/failed': ['Segmentation fault'],
};

describe('explainFailure', () => {
  it.each(Object.entries(outputs).flatMap(([code, texts]) => texts.map((text) => [code, text] as const)))(
    '%s',
    (code, text) => {
      const error = explainFailure('engine@1', same('download and install'), text);
      expect(error.code).toBe(code);
      expect(error.message).toMatch(/^engine@1: download and install: /);
      expect(error.message).toContain(text.split('\n').at(-1));
      expect(error.hint).toMatch(/; nothing was left behind$/);
    },
  );
});
