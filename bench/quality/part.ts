/**
 * Part `quality`: bits per character of trained models on our own texts, in every precision of every engine that is ready
 * here, and of their GGUF files as they are stored. Deterministic; nothing of it is timed.
 */
import type { QualityReport } from '../../src/cli/quality/outcome.ts';
import type { Host } from '../../src/host/host.ts';
import type { BenchOptions } from '../options.ts';
import { hayasa, repository } from './hayasa.ts';
import { fetchModel, MODELS } from './models.ts';

/** Code points of each text: a tokenizer made for English needs two tokens for each Japanese character. */
const TEXTS = [
  { file: 'texts/english.txt', characters: { 'SmolLM2-135M-Instruct': 1200, 'gemma-3-270m': 1200 } },
  { file: 'texts/japanese.txt', characters: { 'SmolLM2-135M-Instruct': 300, 'gemma-3-270m': 600 } },
] as const;

export interface QualityOf {
  readonly model: string;
  readonly note: string;
  /** Path in the repository. */
  readonly text: string;
  /** `unpacked`: the weights in float32 as every engine reads them; `stored`: the GGUF file as it is. */
  readonly weights: 'unpacked' | 'stored';
  readonly report: QualityReport;
}

export async function benchQuality(
  host: Host,
  { threads }: BenchOptions,
  say: (line: string) => void,
  save: (quality: readonly QualityOf[]) => void,
): Promise<readonly QualityOf[]> {
  const done: QualityOf[] = [];
  for (const model of MODELS) {
    const { gguf, folder, note } = await fetchModel(host, model, say);
    for (const { file, characters } of TEXTS) {
      const count = characters[model.id as keyof typeof characters];
      for (const weights of ['unpacked', 'stored'] as const) {
        say(`${model.id}, ${file}, ${weights}`);
        const where = weights === 'stored' ? ['--model', gguf] : ['--model', folder, '--tokenizer', gguf];
        const wishes = ['--characters', String(count), '--threads', String(threads), '--json'];
        const output = await hayasa(host, 'quality', ...where, '--text', repository(file), ...wishes);
        const report = JSON.parse(output) as QualityReport;
        const text = { ...report.text, name: file };
        done.push({
          model: model.id,
          note,
          text: file,
          weights,
          report: { ...report, model: model.id, text },
        });
        save(done);
      }
    }
  }
  return done;
}
