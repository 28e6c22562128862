/** The names that a study may use: handed in by the caller, so that parsing stays pure and follows the registries. */
import type { EngineDeclaration } from '../engines/declaration.ts';

export interface Vocabulary {
  readonly engines: readonly EngineDeclaration[];
  /** Names of presets. */
  readonly presets: readonly string[];
  /** Ids of metrics, for claims. */
  readonly metrics: readonly string[];
}
