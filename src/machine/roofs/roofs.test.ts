import { describe, expect, it } from 'vitest';
import { realHost } from '../../host/real-host.ts';
import { testHost } from '../../host/test-host.ts';
import { same } from '../../kernel/language.ts';
import { decodeModel } from '../../models/onnx/proto.ts';
import { openLibc } from '../../native/libc.ts';
import { openOnnxRuntime } from '../../native/onnxruntime/runtime.ts';
import { bestRate } from './best-rate.ts';
import { MULTIPLY_DTYPES, multiplyGraph } from './graphs.ts';
import { measureMultiply, measureRowSums } from './matrix-multiply.ts';
import { bufferSize, measureMemoryRead } from './memory-read.ts';
import { measureRoofs, reportOf } from './roofs.ts';

const quick = { minimumRepeats: 1, duration_ms: 0 };

describe('bestRate', () => {
  it('is the work over the fastest repeat, the warm-up not counted', async () => {
    const { clock } = testHost();
    const durations_ms = [1, 40, 20, 30, 10];
    let run = 0;
    const rate = await bestRate(clock, { minimumRepeats: 3, duration_ms: 70 }, 100, () => {
      clock.advance_ns(BigInt((durations_ms[run++] ?? 0) * 1e6));
    });
    // 40 + 20 + 30 ms reach both the count and the time; the repeat of 10 ms is never made.
    expect([rate, run]).toEqual([100 / 0.02, 4]);
  });
});

describe('bufferSize', () => {
  it('is well beyond the caches, and within the memory', () => {
    expect(bufferSize(512, 32, 1e6)).toBe(512);
    expect(bufferSize(512, 100, 1e6)).toBe(800);
    expect(bufferSize(512, 100, 1000)).toBe(250);
  });
});

describe('multiplyGraph', () => {
  it('has the operator that the engine uses, and constant weights', () => {
    const nodes = MULTIPLY_DTYPES.map((dtype) => decodeModel(multiplyGraph(dtype, 64)).graph);
    expect(nodes.map(({ node }) => node[0]?.op_type)).toEqual([
      'MatMul',
      'DynamicQuantizeMatMul',
      'MatMulNBits',
    ]);
    expect(nodes.map(({ initializer }) => initializer[0]?.raw_data?.byteLength)).toEqual([
      64 * 64 * 4,
      64 * 64,
      (64 * 64) / 2,
    ]);
  });

  it.each(MULTIPLY_DTYPES)('runs in %s', async (dtype) => {
    const { clock, system } = realHost();
    const runtime = openOnnxRuntime(system);
    expect(await measureMultiply(clock, runtime, quick, 1, dtype, 64)).toBeGreaterThan(0);
    runtime.release();
  });
});

describe('memory read', () => {
  it('runs through the C library and through ONNX Runtime', async () => {
    const { clock, system } = realHost();
    const libc = openLibc(system);
    if (libc !== undefined) {
      expect(await measureMemoryRead(clock, libc, quick, 2, 2 ** 22)).toBeGreaterThan(0);
    }
    const runtime = openOnnxRuntime(system);
    expect(await measureRowSums(clock, runtime, quick, 1, 2 ** 20)).toBeGreaterThan(0);
    runtime.release();
  });

  it('finds a byte only where it was written', async () => {
    const libc = openLibc(realHost().system);
    if (libc === undefined) return;
    const address = libc.allocate(8192);
    await libc.fill(address, 1, 8192);
    expect(await libc.contains(address, 7, 8192)).toBe(false);
    await libc.fill(address + 8000n, 7, 1);
    expect(await libc.contains(address, 7, 8192)).toBe(true);
    libc.release(address, 8192);
  });

  it('has no C library where none is known', () => {
    expect(openLibc({ platform: 'win32' })).toBeUndefined();
  });
});

describe('measureRoofs', () => {
  it('names what was measured, what failed, and what never answered', () => {
    expect(
      reportOf(
        2,
        [
          { kind: 'measured', what: 'memory', rate: 3e10, method: same('memchr') },
          { kind: 'failed', what: 'int8', reason: same('no such operator') },
        ],
        same('the measuring process was ended by SIGSEGV'),
        ['memory', 'float32', 'int8'],
      ),
    ).toEqual({
      roofs: { threads: 2, memoryReadBytesPerSecond: 3e10, matrixMultiplyFlops: {} },
      methods: { memory: same('memchr') },
      failures: {
        float32: same('the measuring process was ended by SIGSEGV'),
        int8: same('no such operator'),
      },
    });
  });

  it('measures in a process of its own', async () => {
    const { roofs, failures } = await measureRoofs(realHost(), 'quick', 1);
    expect(failures).toEqual({});
    expect(Object.keys(roofs.matrixMultiplyFlops)).toEqual(['float32']);
    expect(roofs.memoryReadBytesPerSecond).toBeGreaterThan(0);
  });
});
