/** Every declared engine with its health on this machine. */

import type { EngineHealth } from '../../engines/adapter.ts';
import { allPrecisions, type EngineDeclaration } from '../../engines/declaration.ts';
import { loadAdapter } from '../../engines/load-adapter.ts';
import { descriptionOf } from '../../engines/option-words.ts';
import type { Host } from '../../host/host.ts';
import { wordsOf } from '../../kernel/errors.ts';
import type { Say, Words } from '../../kernel/language.ts';

export interface SurveyedEngine {
  readonly declaration: EngineDeclaration;
  readonly health: EngineHealth;
}

/** In the order of `declarations`; an adapter that throws makes its engine impossible, not the survey. */
export async function surveyEngines(
  host: Host,
  declarations: readonly EngineDeclaration[],
): Promise<SurveyedEngine[]> {
  const surveyed: SurveyedEngine[] = [];
  for (const declaration of declarations)
    surveyed.push({ declaration, health: await healthOf(host, declaration) });
  return surveyed;
}

async function healthOf(host: Host, declaration: EngineDeclaration): Promise<EngineHealth> {
  try {
    return await (await loadAdapter(declaration)).health(host);
  } catch (error) {
    return { kind: 'impossible', reason: wordsOf(error) };
  }
}

/** What `--json` prints of an engine: the declaration's data without its functions. */
export function engineJson({ declaration, health }: SurveyedEngine): unknown {
  const { id, title, summary, capabilities, conformanceExceptions } = declaration;
  return {
    id,
    title,
    summary,
    health,
    precisions: allPrecisions(declaration),
    capabilities,
    options: optionNames(declaration),
    conformanceExceptions,
  };
}

/** Name, description and default of each of an engine's options. */
export function optionNames({ options }: EngineDeclaration): readonly {
  readonly name: string;
  readonly description: Words;
  readonly defaultValue: unknown;
}[] {
  const defaults: Readonly<Record<string, unknown>> = options.parse({});
  return Object.entries(options.shape).map(([name, schema]) => ({
    name,
    description: descriptionOf(schema),
    defaultValue: defaults[name],
  }));
}

/** `ready (1.30.0)`, `installable: ...` or `impossible here: ...`. */
export function healthText(health: EngineHealth, say: Say): string {
  switch (health.kind) {
    case 'ready':
      return say({ en: `ready (${health.version})`, ja: `使用可能（${health.version}）` });
    case 'installable':
      return say({
        en: `installable: ${health.how.en} (${health.reason.en})`,
        ja: `インストール可能: ${health.how.ja}（${health.reason.ja}）`,
      });
    case 'impossible':
      return say({ en: `impossible here: ${health.reason.en}`, ja: `ここでは不可能: ${health.reason.ja}` });
  }
}
