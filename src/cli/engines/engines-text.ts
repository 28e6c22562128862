/** The survey of engines as text: a table, then what each can do. */
import { allPrecisions, type Capabilities } from '../../engines/declaration.ts';
import { definitionList, table } from '../ui/table.ts';
import { healthText, optionNames, type SurveyedEngine } from './survey.ts';

export function enginesText(engines: readonly SurveyedEngine[]): string {
  const overview = table(
    [{ title: 'engine' }, { title: 'precisions' }, { title: 'state' }],
    engines.map(({ declaration, health }) => [
      declaration.id,
      allPrecisions(declaration)
        .map(({ name }) => name)
        .join(' '),
      healthText(health),
    ]),
  );
  return [overview, ...engines.map(engineText)].join('\n\n');
}

function engineText({ declaration }: SurveyedEngine): string {
  const { id, title, summary, capabilities } = declaration;
  return [
    `${id}: ${title}. ${summary}`,
    definitionList([
      ['devices', capabilities.devices.join(', ')],
      ['architectures', capabilities.architectures.join(', ')],
      ['can', abilities(capabilities, true)],
      ['cannot', abilities(capabilities, false)],
      ...allPrecisions(declaration).map(({ name, ownName, note }): [string, string] => [
        name,
        `${ownName}; ${note}`,
      ]),
      ...optionNames(declaration).map(({ name, description, defaultValue }): [string, string] => [
        `option ${name}`,
        `${description} [default: ${String(defaultValue)}]`,
      ]),
    ]),
  ].join('\n');
}

const ABILITY_NAMES = {
  staticBatching: 'static batching',
  continuousBatching: 'continuous batching',
  raggedPrompts: 'prompts of different lengths',
  naturalStop: 'natural stop',
  sampling: 'sampling',
  depth: 'a filled KV cache before the timed region',
  logits: 'logits',
  cancel: 'cancelling between steps',
} as const satisfies Partial<Record<keyof Capabilities, string>>;

const abilities = (capabilities: Capabilities, wanted: boolean): string =>
  (Object.keys(ABILITY_NAMES) as (keyof typeof ABILITY_NAMES)[])
    .filter((key) => (capabilities[key] ?? false) === wanted)
    .map((key) => ABILITY_NAMES[key])
    .join(', ') || '-';
