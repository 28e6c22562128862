/** `hayasa models unpack`: a GGUF file as a Hugging Face folder, so that every engine can run its weights. */
import { basename, join, resolve } from 'node:path';
import type { Files } from '../../host/host.ts';
import { EXIT, HayasaError } from '../../kernel/errors.ts';
import { englishOnly, type Words } from '../../kernel/language.ts';
import { present } from '../../kernel/maybe.ts';
import { openGguf } from '../../models/checkpoint/gguf-model.ts';
import { openCheckpoint } from '../../models/checkpoint/open.ts';
import { unpackGguf } from '../../models/gguf/unpack.ts';
import { ggufTokenizerFiles, type TokenizerFiles } from '../../text/gguf-files.ts';
import { defineCommand } from '../command.ts';
import { choice, json, text } from '../options.ts';
import { formatBytes } from '../ui/numbers.ts';
import { stageView } from '../ui/progress-view.ts';

export const modelsUnpackCommand = defineCommand({
  name: 'models unpack',
  summary: {
    en: 'dequantise a GGUF file into a folder that every engine reads',
    ja: 'GGUF ファイルを逆量子化し、どのエンジンも読めるフォルダーにする',
  },
  description: {
    en: 'Writes config.json and model.safetensors from a GGUF file: tensors dequantised (f32, f16, bf16, q8_0, q4_0, q4_1, q5_0, q5_1, q4_K, q5_K, q6_K), renamed and put back into their own order. The values are those that llama.cpp computes with; what quantisation lost stays lost. The tokenizer in the file becomes tokenizer.json and tokenizer_config.json with the chat template; one whose rules are not known here is left out, with the reason.',
    ja: 'GGUF ファイルから config.json と model.safetensors を書き出します: テンソルを逆量子化し（f32、f16、bf16、q8_0、q4_0、q4_1、q5_0、q5_1、q4_K、q5_K、q6_K）、名前と並びを元に戻します。値は llama.cpp が計算に使うものと同じで、量子化で失われたものは失われたままです。ファイルの中のトークナイザーは tokenizer.json と、チャットテンプレート付きの tokenizer_config.json になります。規則が分からないものは、理由を述べて省きます。',
  },
  arguments: [{ name: 'FILE', summary: { en: 'a GGUF file', ja: 'GGUF ファイル' }, required: true }],
  options: {
    out: text('DIR', {
      en: 'folder to write to; default: the name of the file, in the current folder',
      ja: '書き出すフォルダー。既定は現在のフォルダーの中の、ファイルと同じ名前',
    }),
    dtype: choice(
      'DTYPE',
      { en: 'format of the weights; F32 holds them exactly', ja: '重みの形式。F32 は正確に保つ' },
      ['F32', 'F16', 'BF16'],
      'F32',
    ),
    json,
  },
  examples: [
    {
      line: 'hayasa models unpack model-Q4_K_M.gguf',
      comment: { en: 'into ./model-Q4_K_M', ja: './model-Q4_K_M へ' },
    },
    {
      line: 'hayasa models unpack model.gguf --out ./model --dtype F16',
      comment: { en: 'half the size, rounded', ja: '半分の大きさ、丸めあり' },
    },
  ],
  run: async ({ host, terminal }, { out, dtype, json: asJson }, [path = '']) => {
    const { say } = terminal;
    const { currentFolder } = host.system;
    const gguf = openGguf(host.files, resolve(currentFolder, path));
    const folder = resolve(currentFolder, out ?? basename(path).replace(/\.gguf$/i, ''));
    if (host.files.kind(folder) === 'file' || host.files.kind(`${folder}/config.json`) !== undefined) {
      throw new HayasaError({
        code: 'file/exists',
        message: {
          en: `${folder}: there is a model or a file already`,
          ja: `${folder}: すでにモデルかファイルがあります`,
        },
        hint: { en: 'name another folder with --out', ja: '--out で別のフォルダーを指定してください' },
      });
    }
    const tokenizer = ggufTokenizerFiles(host.files, gguf.file);
    const view = stageView(terminal);
    unpackGguf(host.files, { gguf, folder, dtype }, (fraction) => {
      if (!asJson)
        view.show({ en: `unpacking ${basename(path)}`, ja: `${basename(path)} を展開しています` }, fraction);
    });
    view.close();
    if (tokenizer.kind === 'value') writeTokenizer(host.files, folder, tokenizer.value);
    const { totalBytes, modelHash } = openCheckpoint(host.files, folder);
    const formats = gguf.formats.map(({ type }) => type);
    const written = tokenizer.kind === 'missing' ? tokenizer : present('tokenizer.json');
    const what: Words = {
      en: `${folder}\n${formatBytes(totalBytes)}, ${dtype}, dequantised from ${formats.join(', ')}`,
      ja: `${folder}\n${formatBytes(totalBytes)}、${dtype}、${formats.join(', ')} から逆量子化`,
    };
    terminal.write(
      asJson
        ? JSON.stringify(
            { folder, dtype, formats, totalBytes, modelHash, tokenizer: written },
            englishOnly,
            2,
          )
        : say({
            en: `${what.en}; ${tokenizer.kind === 'value' ? 'with its tokenizer' : `without a tokenizer: ${tokenizer.reason.en}`}`,
            ja: `${what.ja}。${tokenizer.kind === 'value' ? 'トークナイザー付き' : `トークナイザーなし: ${tokenizer.reason.ja}`}`,
          }),
    );
    return EXIT.ok;
  },
});

function writeTokenizer(files: Files, folder: string, { tokenizer, config }: TokenizerFiles): void {
  files.writeText(join(folder, 'tokenizer.json'), `${JSON.stringify(tokenizer)}\n`);
  files.writeText(join(folder, 'tokenizer_config.json'), `${JSON.stringify(config, undefined, 2)}\n`);
}
