import { describe, expect, it } from 'vitest';
import { readProfile } from './profile.ts';

const run = (ts: number, dur: number) => ({ cat: 'Session', name: 'model_run', ph: 'X', ts, dur, args: {} });
const kernel = (op_name: string, ts: number, dur: number) => ({
  cat: 'Node',
  name: `${op_name}_1_kernel_time`,
  ph: 'X',
  ts,
  dur,
  args: { op_name, provider: 'CPUExecutionProvider' },
});

const TRACE = JSON.stringify([
  { cat: 'Session', name: 'model_loading_uri', ph: 'X', ts: 0, dur: 50 },
  kernel('MatMul', 110, 800),
  run(100, 1000),
  kernel('MatMul', 1210, 60),
  kernel('Softmax', 1275, 10),
  run(1200, 100),
  kernel('MatMul', 1410, 70),
  kernel('Softmax', 1485, 12),
  kernel('MatMul', 1500, 5),
  run(1400, 120),
]);

describe('readProfile', () => {
  it('sums kernels by operator over the last steps, and leaves prefill out', () => {
    expect(readProfile(TRACE, 2)).toEqual({
      steps: 2,
      elapsed_ns: 220_000,
      operators: [
        { name: 'MatMul', calls: 3, time_ns: 135_000 },
        { name: 'Softmax', calls: 2, time_ns: 22_000 },
      ],
      method: 'ONNX Runtime profiler: kernels one after another, whole microseconds',
    });
  });

  it('says where runs are missing', () => {
    expect(() => readProfile(TRACE, 4)).toThrow('the profile has 3 runs, 4 were made');
  });
});
