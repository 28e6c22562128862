/** A ladder over simulated engines: what each step is worth is known from the cost model of the sim engine. */
export const LADDER_STUDY = `
name: simulated-ladder
models: [{preset: tiny, name: whole}, {preset: tiny, layers: 1, name: half-depth}]
engines: [{id: sim, label: embedded}, {id: sim, label: other, options: {step_ns: 1000000}}]
defaults: {outputTokens: 5, inputTokens: 16, promptLengths: ragged}
experiments:
  - id: techniques
    title: What each technique is worth
    models: [whole]
    engines: [embedded]
    axes: {batch: [1, 4]}
    ladder:
      - {name: plain, options: {step_ns: 40000000, prefill_ns: 2000000, launchScale: LAUNCHES}}
      - {name: KV cache, technique: kv-cache, options: {step_ns: 20000000}}
      - {name: fused attention, technique: fused-attention, options: {step_ns: 10000000, prefill_ns: 1000000}}
      - {name: 8 bit, technique: quantisation-8, precision: w8a8}
      - {name: 4 bit, technique: quantisation-4, from: fused attention, precision: w4}
      - {name: continuous batching, technique: continuous-batching, batching: continuous, slots: 2}
      - {name: half the depth, technique: less-depth, model: half-depth, options: {step_ns: 5000000}}
    excludes: [{batch: 4, options: {step_ns: 40000000}}]
rounds: {minimum: 4, maximum: 4, confirm: 0}
repeats: {minimum: 1, maximum: 1, window: 1ms}
correctness: {check: false}
`;
