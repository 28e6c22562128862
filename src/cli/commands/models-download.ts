/** `hayasa models download`: a model of the hub into the cache that it shares with Hugging Face's tools. */
import { EXIT, HayasaError } from '../../kernel/errors.ts';
import { openCheckpoint } from '../../models/checkpoint/open.ts';
import { HUB_ID_ALLOWED, hubIdText, parseHubId } from '../../models/hub-id.ts';
import { defineCommand } from '../command.ts';
import { fetchModel } from '../models/fetch-model.ts';
import { offlineOption } from '../models/offline-option.ts';
import { json } from '../options.ts';
import { formatBytes } from '../ui/numbers.ts';

export const modelsDownloadCommand = defineCommand({
  name: 'models download',
  summary: {
    en: 'fetch a model of the Hugging Face hub into the cache',
    ja: 'Hugging Face ハブのモデルをキャッシュに取得する',
  },
  description: {
    en: "Fetches configuration, tokenizer and safetensors of a model (never code, never pickled weights) into the cache of Hugging Face's tools, checks size and hash of every file, and prints the folder and the commit. An interrupted download goes on where it stopped. Other commands take owner/name wherever a model is named and use what the cache holds; only this one asks the hub what a branch means now.\nFrom the environment: HF_TOKEN (for gated and private models; never printed or recorded), HF_ENDPOINT, HF_HUB_OFFLINE, HF_HUB_CACHE, HF_HOME.\nExit code: 0, 2 where the hub refuses or fails, 3 where the disk is too small, 130 interrupted.",
    ja: 'モデルの設定、トークナイザー、safetensors を（コードと pickle の重みは決して）Hugging Face のツールのキャッシュに取得し、全ファイルの大きさとハッシュを確かめ、フォルダーとコミットを表示します。中断したダウンロードは止まった所から続きます。他のコマンドは、モデルを名指すどこでも owner/name を受け付け、キャッシュにあるものを使います。ブランチが今何を指すかをハブに尋ねるのは、このコマンドだけです。\n環境変数: HF_TOKEN（制限付き・非公開のモデル用。表示も記録もしません）、HF_ENDPOINT、HF_HUB_OFFLINE、HF_HUB_CACHE、HF_HOME。\n終了コード: 0、ハブが拒否または失敗したとき 2、ディスクが足りないとき 3、中断 130。',
  },
  arguments: [
    {
      name: 'ID',
      summary: { en: 'owner/name or owner/name@revision', ja: 'owner/name または owner/name@revision' },
      required: true,
    },
  ],
  options: { offline: offlineOption, json },
  examples: [
    {
      line: 'hayasa models download llm-jp/llm-jp-3-150m',
      comment: { en: 'the newest commit of its main branch', ja: 'main ブランチの最新のコミット' },
    },
    {
      line: 'hayasa models download owner/name@v1.0',
      comment: { en: 'a branch, a tag or a commit', ja: 'ブランチ、タグ、またはコミット' },
    },
  ],
  run: async (context, { offline, json: asJson }, [text = '']) => {
    const id = parseHubId(text);
    if (id === undefined) {
      throw new HayasaError({
        code: 'hub/bad-id',
        message: {
          en: `${JSON.stringify(text)} is no model of the hub`,
          ja: `${JSON.stringify(text)} はハブのモデルではありません`,
        },
        hint: { en: `allowed: ${HUB_ID_ALLOWED.en}`, ja: `使えるもの: ${HUB_ID_ALLOWED.ja}` },
      });
    }
    const { folder, commit } = await fetchModel(context, id, { offline, refresh: true, quiet: asJson });
    const { totalBytes, modelHash } = openCheckpoint(context.host.files, folder);
    context.terminal.write(
      asJson
        ? JSON.stringify({ id: hubIdText(id), commit, folder, totalBytes, modelHash }, null, 2)
        : context.terminal.say({
            en: `${folder}\n${id.name}, commit ${commit}, ${formatBytes(totalBytes)} of weights`,
            ja: `${folder}\n${id.name}、コミット ${commit}、重み ${formatBytes(totalBytes)}`,
          }),
    );
    return EXIT.ok;
  },
});
