/** Checks between fields of the models of a study, and what each is called. */
import { hubShortName } from '../models/hub-id.ts';
import { findPreset } from '../models/presets.ts';
import { addProblem, type Issues } from './add-problem.ts';
import { field } from './raw-fields.ts';

/** Reports what contradicts itself in `models`, and names that stand twice. */
export function checkModels(models: readonly unknown[], context: Issues): void {
  const seen = new Set<string>();
  for (const [index, model] of models.entries()) {
    const path = ['models', index];
    if (typeof model === 'object' && model !== null) {
      const has = (key: string): boolean => field(model, key) !== undefined;
      if (['preset', 'path', 'hub'].filter(has).length !== 1) {
        addProblem(context, {
          path,
          message: {
            en: 'a model is either a preset, a path or a hub id',
            ja: 'モデルはプリセット、パス、ハブの id のどれか一つです',
          },
        });
      }
      if (!has('preset') && (has('seed') || has('dtype') || has('layers'))) {
        addProblem(context, {
          path,
          message: {
            en: 'seed, dtype and layers belong to presets',
            ja: 'seed、dtype、layers はプリセットのものです',
          },
        });
      }
      checkLayers(model, path, context);
    }
    const name = modelNames(model)[0];
    if (name === undefined) continue;
    if (seen.has(name)) {
      addProblem(context, {
        path,
        message: {
          en: `two models are called ${name}: give one a name`,
          ja: `${name} というモデルが二つあります: 片方に name を付けてください`,
        },
      });
    }
    seen.add(name);
  }
}

function checkLayers(model: unknown, path: readonly PropertyKey[], context: Issues): void {
  const [preset, layers] = [field(model, 'preset'), field(model, 'layers')];
  const most = typeof preset === 'string' ? findPreset(preset)?.shape.layerCount : undefined;
  if (most === undefined || typeof layers !== 'number' || layers <= most) return;
  const params = { allowed: { en: `1 to ${most}`, ja: `1 から ${most}` } };
  addProblem(context, {
    path: [...path, 'layers'],
    message: { en: 'more layers than the preset has', ja: 'プリセットより多い層' },
    params,
  });
}

/** What a study may call it: one name or none. */
export function modelNames(model: unknown): string[] {
  if (typeof model === 'string') return [model];
  const preset = field(model, 'preset');
  const layers = field(model, 'layers');
  const cut =
    typeof layers === 'number' && typeof preset === 'string' ? `${preset}-${layers}-layers` : preset;
  const name = field(model, 'name') ?? cut;
  if (typeof name === 'string') return [name];
  const hub = field(model, 'hub');
  if (typeof hub === 'string') return [hubShortName(hub)];
  const path = field(model, 'path');
  const last =
    typeof path === 'string'
      ? path
          .split(/[/\\]/)
          .filter((part) => part !== '')
          .at(-1)
      : undefined;
  return last === undefined ? [] : [last.replace(/\.gguf$/, '')];
}
