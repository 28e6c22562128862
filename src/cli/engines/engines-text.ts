/** The survey of engines as text: a table, then what each can do. */

import { allPrecisions, type Capabilities } from '../../engines/declaration.ts';
import type { Say, Words } from '../../kernel/language.ts';
import { definitionList, table } from '../ui/table.ts';
import { healthText, optionNames, type SurveyedEngine } from './survey.ts';

export function enginesText(engines: readonly SurveyedEngine[], say: Say): string {
  const overview = table(
    [
      { title: say({ en: 'engine', ja: 'エンジン' }) },
      { title: say({ en: 'precisions', ja: '精度' }) },
      { title: say({ en: 'state', ja: '状態' }) },
    ],
    engines.map(({ declaration, health }) => [
      declaration.id,
      allPrecisions(declaration)
        .map(({ name }) => name)
        .join(' '),
      healthText(health, say),
    ]),
  );
  return [overview, ...engines.map((engine) => engineText(engine, say))].join('\n\n');
}

function engineText({ declaration }: SurveyedEngine, say: Say): string {
  const { id, title, summary, capabilities } = declaration;
  return [
    `${id}: ${title}. ${say(summary)}`,
    definitionList([
      [say({ en: 'devices', ja: '装置' }), capabilities.devices.join(', ')],
      [say({ en: 'architectures', ja: 'アーキテクチャ' }), capabilities.architectures.join(', ')],
      [say({ en: 'can', ja: 'できること' }), abilities(capabilities, true, say)],
      [say({ en: 'cannot', ja: 'できないこと' }), abilities(capabilities, false, say)],
      ...allPrecisions(declaration).map(({ name, ownName, note }): [string, string] => [
        name,
        say({ en: `${ownName}; ${note.en}`, ja: `${ownName}。${note.ja}` }),
      ]),
      ...optionNames(declaration).map(({ name, description, defaultValue }): [string, string] => [
        say({ en: `option ${name}`, ja: `オプション ${name}` }),
        say({
          en: `${description.en} [default: ${String(defaultValue)}]`,
          ja: `${description.ja} [既定: ${String(defaultValue)}]`,
        }),
      ]),
    ]),
  ].join('\n');
}

const ABILITY_NAMES = {
  staticBatching: { en: 'static batching', ja: '静的バッチ' },
  continuousBatching: { en: 'continuous batching', ja: '連続バッチ' },
  raggedPrompts: { en: 'prompts of different lengths', ja: '長さの異なるプロンプト' },
  naturalStop: { en: 'natural stop', ja: '自然な停止' },
  sampling: { en: 'sampling', ja: 'サンプリング' },
  depth: { en: 'a filled KV cache before the timed region', ja: '計時区間の前に満たした KV キャッシュ' },
  logits: { en: 'logits', ja: 'ロジット' },
  cancel: { en: 'cancelling between steps', ja: 'ステップ間の取り消し' },
} as const satisfies Partial<Record<keyof Capabilities, Words>>;

const abilities = (capabilities: Capabilities, wanted: boolean, say: Say): string =>
  (Object.keys(ABILITY_NAMES) as (keyof typeof ABILITY_NAMES)[])
    .filter((key) => (capabilities[key] ?? false) === wanted)
    .map((key) => say(ABILITY_NAMES[key]))
    .join(', ') || '-';
