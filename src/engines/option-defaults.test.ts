import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { EngineDeclaration } from './declaration.ts';
import { ENGINE_DECLARATIONS } from './declarations.ts';
import { optionDefaults, withDefaultsOf } from './option-defaults.ts';

const engine = (options: z.ZodObject): EngineDeclaration => ({ ...ENGINE_DECLARATIONS[0]!, options });
const then = engine(
  z.strictObject({
    spinning: z.boolean().default(true),
    layers: z.number().default(2),
    file: z.string().optional(),
  }),
);
const now = engine(
  z
    .strictObject({
      spinning: z.boolean().default(false),
      layers: z.number().default(2),
      groupSize: z.number().default(32),
      file: z.string().optional(),
    })
    .refine(({ layers }) => layers < 9, { path: ['layers'], message: 'too many' }),
);

describe('an engine with the defaults of an earlier run', () => {
  const earlier = withDefaultsOf(now, optionDefaults(then));

  it('has no option that it got since, and the defaults of that time', () => {
    expect(earlier.options.parse({})).toEqual({ spinning: true, layers: 2 });
    expect(earlier.options.parse({ layers: 3, file: 'f' })).toEqual({ spinning: true, layers: 3, file: 'f' });
    expect(() => earlier.options.parse({ groupSize: 32 })).toThrow();
  });

  it('still refuses what contradicts itself', () => {
    expect(earlier.options.safeParse({ layers: 9 }).error?.issues).toMatchObject([
      { path: ['layers'], message: 'too many' },
    ]);
  });

  it('is the engine itself where nothing changed, or nothing was recorded', () => {
    expect(withDefaultsOf(now, optionDefaults(now))).toBe(now);
    expect(withDefaultsOf(now, undefined)).toBe(now);
  });
});

it('every option of every engine is among the defaults, those without one too', () => {
  for (const declaration of ENGINE_DECLARATIONS) {
    expect(Object.keys(optionDefaults(declaration)), declaration.id).toEqual(
      Object.keys(declaration.options.shape),
    );
  }
});
