/** The words that a study may use, from the registries: engines (absent ones too), presets, metrics. */
import { withAbsentEngines } from '../engines/absent.ts';
import type { EngineDeclaration } from '../engines/declaration.ts';
import { METRICS } from '../metrics/registry.ts';
import { PRESETS } from '../models/presets.ts';
import type { Vocabulary } from '../study/vocabulary.ts';

/** `declarations`: the engines that can run. */
export const studyVocabulary = (declarations: readonly EngineDeclaration[]): Vocabulary => ({
  engines: withAbsentEngines(declarations),
  presets: PRESETS.map(({ id }) => id),
  metrics: METRICS.map(({ id }) => id),
});
