import { describe, expect, it } from 'vitest';
import { engineDeclaration } from '../engines/declarations.ts';
import { launchEnvironment } from './launch-request.ts';

const environmentOf = (
  engine: string,
  options: Record<string, boolean> = {},
): Readonly<Record<string, string>> => {
  const declaration = engineDeclaration(engine)!;
  return launchEnvironment(declaration, {
    threads: 3,
    options: { ...(declaration.options.parse({}) as Record<string, string>), ...options },
  });
};
const THREADS = { OMP_NUM_THREADS: '3', OPENBLAS_NUM_THREADS: '3', MKL_NUM_THREADS: '3' };
const HUGE_PAGES = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' };

describe('what a worker starts with', () => {
  it('is the thread count for every engine', () => {
    expect(environmentOf('transformers')).toEqual(THREADS);
  });

  it('is an allocator that asks for huge pages where an engine is to have them', () => {
    for (const engine of ['onnxruntime', 'llama-cpp']) {
      expect(environmentOf(engine)).toEqual({ ...THREADS, ...HUGE_PAGES });
      expect(environmentOf(engine, { hugePages: false })).toEqual(THREADS);
    }
  });
});
