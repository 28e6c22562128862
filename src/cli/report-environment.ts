/** What a report says of the machine, the versions, the models and their prompts. Pure. */

import { asWords, same, type Words } from '../kernel/language.ts';
import { presentValue } from '../kernel/maybe.ts';
import type { Fact, ReportEnvironment } from '../report/input.ts';
import type { RunEnvironment } from '../run/environment.ts';
import type { ChatOrigin, PromptOrigin } from '../run/texts.ts';
import { textName } from '../text/text-file.ts';

/** Of a run, as it was recorded when it began. */
export function reportEnvironment(environment: RunEnvironment): ReportEnvironment {
  const { machine } = environment;
  const model = presentValue(machine.cpu.model) ?? machine.architecture;
  const versions = Object.entries(environment.engines).flatMap(([engine, libraries]) =>
    Object.entries(libraries).map(
      ([library, version]): Fact => ({ name: same(`${engine}: ${library}`), value: same(version) }),
    ),
  );
  return {
    machine: {
      name: `${model}, ${environment.planMachine.logicalCpus} threads`,
      fingerprint: environment.fingerprint,
    },
    device: {
      en: `this CPU (${model}, ${environment.planMachine.logicalCpus} threads)`,
      ja: `この CPU（${model}、${environment.planMachine.logicalCpus} スレッド）`,
    },
    facts: [
      { name: same('CPU'), value: same(model) },
      {
        name: { en: 'instruction sets', ja: '命令セット' },
        value: same(machine.cpu.instructionSets.join(', ')),
      },
      {
        name: { en: 'memory', ja: 'メモリ' },
        value: same(`${(machine.memory.totalBytes / 2 ** 30).toFixed(1)} GiB`),
      },
      { name: same('Hayasa'), value: same(environment.hayasa) },
      ...versions,
      ...environment.models.flatMap(hubFact),
      ...environment.models.flatMap(({ name, warnings = [] }) =>
        warnings.map(
          (text): Fact => ({
            name: { en: `checkpoint ${name}`, ja: `チェックポイント ${name}` },
            value: asWords(text),
          }),
        ),
      ),
      ...(environment.prompts ?? []).map(promptFact),
      ...Object.entries(environment.conditions).map(
        ([name, value]): Fact => ({ name: CONDITION_NAMES[name] ?? same(name), value: same(value) }),
      ),
    ],
  };
}

/** The commit of a model of the hub: the same weights can be fetched again. */
function hubFact({ name, origin }: RunEnvironment['models'][number]): Fact[] {
  if (origin.kind !== 'published' || origin.revision === undefined) return [];
  return [
    {
      name: { en: `weights of ${name}`, ja: `${name} の重み` },
      value: {
        en: `${origin.name} on the Hugging Face hub, commit ${origin.revision}`,
        ja: `Hugging Face ハブの ${origin.name}、コミット ${origin.revision}`,
      },
    },
  ];
}

/** Where a model's prompts came from: a caveat in the words of a fact. */
function promptFact(origin: PromptOrigin): Fact {
  const name: Words = { en: `prompts of ${origin.model}`, ja: `${origin.model} のプロンプト` };
  switch (origin.kind) {
    case 'token-ids': {
      const reason = asWords(origin.reason);
      return {
        name,
        value: { en: `seeded token ids (${reason.en})`, ja: `シード付きのトークン ID（${reason.ja}）` },
      };
    }
    case 'text': {
      const { name: text, textHash, tokenizer } = origin;
      const chat = chatWords(origin.chat);
      return {
        name,
        value: {
          en: `cut from ${text} (${textHash}) by its ${tokenizer}${chat.en}`,
          ja: `${textName(text).ja}（${textHash}）から ${tokenizer} で切り出し${chat.ja}`,
        },
      };
    }
  }
}

function chatWords(chat: ChatOrigin | undefined): Words {
  switch (chat?.kind) {
    case undefined:
      return same('');
    case 'template':
      return {
        en: `, as messages in its chat template (${chat.hash}, ${chat.tokens} tokens of each)`,
        ja: `、チャットテンプレート（${chat.hash}、それぞれ ${chat.tokens} トークン）のメッセージとして`,
      };
    case 'none': {
      const reason = asWords(chat.reason);
      return { en: `, as they are: ${reason.en}`, ja: `、そのまま: ${reason.ja}` };
    }
  }
}

/** What `machineConditions` calls a condition; the names of records are English. */
const CONDITION_NAMES: Readonly<Record<string, Words>> = {
  machine: { en: 'machine', ja: 'マシン' },
  kernel: { en: 'kernel', ja: 'カーネル' },
  operatingSystem: { en: 'operatingSystem', ja: 'オペレーティングシステム' },
  microcode: { en: 'microcode', ja: 'マイクロコード' },
  governor: { en: 'governor', ja: '周波数の制御' },
  transparentHugePages: { en: 'transparentHugePages', ja: '透過的ヒュージページ' },
  container: { en: 'container', ja: 'コンテナ' },
};
