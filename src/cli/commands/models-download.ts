/** `hayasa models download`: a model of the hub into the cache that it shares with Hugging Face's tools. */
import { EXIT, HayasaError } from '../../kernel/errors.ts';
import { openCheckpoint } from '../../models/checkpoint/open.ts';
import { HUB_ID_ALLOWED, hubIdText, parseHubId } from '../../models/hub-id.ts';
import { defineCommand } from '../command.ts';
import { fetchModel, offlineOption } from '../models/fetch-model.ts';
import { json } from '../options.ts';
import { formatBytes } from '../ui/numbers.ts';

export const modelsDownloadCommand = defineCommand({
  name: 'models download',
  summary: 'fetch a model of the Hugging Face hub into the cache',
  description:
    "Fetches configuration, tokenizer and safetensors of a model (never code, never pickled weights) into the cache of Hugging Face's tools, checks size and hash of every file, and prints the folder and the commit. An interrupted download goes on where it stopped. Other commands take owner/name wherever a model is named and use what the cache holds; only this one asks the hub what a branch means now.\nFrom the environment: HF_TOKEN (for gated and private models; never printed or recorded), HF_ENDPOINT, HF_HUB_OFFLINE, HF_HUB_CACHE, HF_HOME.\nExit code: 0, 2 where the hub refuses or fails, 3 where the disk is too small, 130 interrupted.",
  arguments: [{ name: 'ID', summary: 'owner/name or owner/name@revision', required: true }],
  options: { offline: offlineOption, json },
  examples: [
    { line: 'hayasa models download llm-jp/llm-jp-3-150m', comment: 'the newest commit of its main branch' },
    { line: 'hayasa models download owner/name@v1.0', comment: 'a branch, a tag or a commit' },
  ],
  run: async (context, { offline, json: asJson }, [text = '']) => {
    const id = parseHubId(text);
    if (id === undefined) {
      throw new HayasaError({
        code: 'hub/bad-id',
        message: `${JSON.stringify(text)} is no model of the hub`,
        hint: `allowed: ${HUB_ID_ALLOWED}`,
      });
    }
    const { folder, commit } = await fetchModel(context, id, { offline, refresh: true, quiet: asJson });
    const { totalBytes, modelHash } = openCheckpoint(context.host.files, folder);
    context.terminal.write(
      asJson
        ? JSON.stringify({ id: hubIdText(id), commit, folder, totalBytes, modelHash }, null, 2)
        : `${folder}\n${id.name}, commit ${commit}, ${formatBytes(totalBytes)} of weights`,
    );
    return EXIT.ok;
  },
});
