/** Errors that a beginner meets, as a terminal shows them in Japanese: message, problems and the way out. */
import { describe, expect, it } from 'vitest';
import { errorReport, errorText } from '../../src/cli/ui/error-text.ts';
import { testTerminal } from '../../src/cli/ui/test-terminal.ts';
import { explainFailure } from '../../src/environments/explain.ts';
import { fileError } from '../../src/host/file-errors.ts';
import { cutOff, hubFailure } from '../../src/hub/failures.ts';
import { wantedFirst } from '../../src/hub/wanted.ts';
import { same, sayIn } from '../../src/kernel/language.ts';
import { architectureOf } from '../../src/models/architectures/registry.ts';
import { parseGgufHeader } from '../../src/models/checkpoint/gguf-header.ts';
import { parseSafetensorsHeader } from '../../src/models/checkpoint/safetensors-header.ts';
import { presetOf } from '../../src/models/presets.ts';

const ID = { name: 'owner/model', revision: 'main' };
const HUB = { cacheFolder: '/cache', endpoint: 'https://huggingface.co', token: undefined };
const refused = (statusCode: number) => Object.assign(new Error('refused'), { statusCode });

const CONFIG = {
  model_type: 'llama',
  hidden_size: 65,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  intermediate_size: 0,
  vocab_size: 100,
  max_position_embeddings: 128,
  hidden_act: 'tanh',
};

/** A safetensors file whose one tensor is shorter than its dimensions say and ends behind the file. */
function tornFile(): unknown {
  const json = JSON.stringify({ 'a.weight': { dtype: 'F32', shape: [2, 2], data_offsets: [0, 12] } });
  const header = new Uint8Array(8 + json.length);
  new DataView(header.buffer).setBigUint64(0, BigInt(json.length), true);
  header.set(new TextEncoder().encode(json), 8);
  return parseSafetensorsHeader(header, header.length + 4, 'model.safetensors');
}

const CAUSES: readonly (() => unknown)[] = [
  () => fileError(Object.assign(new Error(), { code: 'ENOENT' }), '/models/mine', 'read'),
  () => fileError(Object.assign(new Error(), { code: 'EACCES' }), '/models/mine', 'write'),
  () => fileError(Object.assign(new Error(), { code: 'ENOSPC' }), '/models/mine', 'write'),
  () => hubFailure(refused(401), ID, HUB),
  () => hubFailure(refused(404), ID, HUB),
  () => hubFailure(refused(429), ID, HUB),
  () => cutOff('owner/model, model.safetensors', 1024, 4096),
  () => wantedFirst('owner/model', ['config.json', 'pytorch_model.bin'], 'model'),
  () => presetOf('open-calm-smal'),
  () => architectureOf({ model_type: 'lama' }),
  () => architectureOf(CONFIG).parseConfig(CONFIG),
  () =>
    architectureOf({ ...CONFIG, intermediate_size: 8, hidden_act: 'silu' }).parseConfig({
      ...CONFIG,
      intermediate_size: 8,
      hidden_act: 'silu',
      rms_norm_eps: 1e-5,
    }),
  tornFile,
  () => parseGgufHeader(() => new Uint8Array(24), 24, 'model.gguf'),
  () => explainFailure('vllm@0.10', same('pip install'), 'ERROR: [Errno 28] No space left on device'),
];

describe('errors in Japanese', () => {
  it('say what is wrong and what to do', async () => {
    const { colors } = testTerminal();
    const texts = CAUSES.map((cause) => errorText(errorReport(thrownBy(cause), 'ja'), colors, sayIn('ja')));
    await expect(`${texts.join('\n\n')}\n`).toMatchFileSnapshot('../golden/errors.ja.txt');
  });
});

function thrownBy(cause: () => unknown): unknown {
  try {
    return cause();
  } catch (error) {
    return error;
  }
}
