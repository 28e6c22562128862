/** `hayasa generate`: the tokens that a model writes, with TTFT and TPOT. */
import { EXIT } from '../../kernel/errors.ts';
import { readMachineFacts } from '../../machine/facts.ts';
import { defineCommand } from '../command.ts';
import { usableThreads } from '../doctor/examine.ts';
import { engineFor } from '../generate/engine.ts';
import { engineOptions } from '../generate/engine-options.ts';
import { generateOnce } from '../generate/generation.ts';
import { findGenerateModel } from '../generate/model.ts';
import { generateOptions } from '../generate/options.ts';
import { generateOutcome, generateText } from '../generate/outcome.ts';
import { promptsFor } from '../generate/prompts.ts';
import { generateTask } from '../generate/request.ts';
import { stageView } from '../ui/progress-view.ts';

export const generateCommand = defineCommand({
  name: 'generate',
  summary: 'print what a model writes, with TTFT and TPOT',
  description:
    'Loads the model in a worker process, generates once to warm up and once more, and prints the token ids (text too where the model folder has a tokenizer), TTFT and TPOT. Greedy decoding. Without a prompt it starts from seeded random ids.',
  arguments: [],
  options: generateOptions,
  examples: [
    { line: 'hayasa generate --model open-calm-small --precision w8a8', comment: 'synthetic weights' },
    {
      line: 'hayasa generate --model model.gguf --prompt-ids 5,17,42 --natural-stop',
      comment: 'a GGUF file',
    },
  ],
  run: async ({ host, terminal }, options) => {
    const view = stageView(terminal);
    const show = options.json ? (): void => {} : view.show;
    const model = findGenerateModel(host, options.model, show);
    const declaration = engineFor(options.engine, model);
    const threads = options.threads ?? usableThreads(readMachineFacts(host));
    const wishes = { ...options, threads, options: engineOptions(declaration, options.engineOptions) };
    const { cell, request } = generateTask(declaration, model, wishes, promptsFor(model, options));
    const generation = await generateOnce(host, declaration, model, cell, request, show).finally(view.close);
    const outcome = generateOutcome(model, cell, generation);
    terminal.write(options.json ? JSON.stringify(outcome, null, 2) : generateText(outcome));
    return EXIT.ok;
  },
});
