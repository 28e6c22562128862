/**
 * Continuous batching: `slots` places in the cache. A waiting prompt is prefilled straight into a free slot, then decoded
 * together with the others, each at its own length; the rest waits in a queue. A step decodes slots [0, used), used
 * being one more than the highest slot in use: free slots below it compute a token that nobody takes (useless work,
 * but not a sequence's: it is no padding in the sample).
 */
import type { GenerateRequest } from '../../protocol/frames.ts';
import type { Sample } from '../../protocol/sample.ts';
import type { ComputeContext } from '../../worker/engine.ts';
import { chooserFor } from './chooser.ts';
import type { LoadedModel, Workspace } from './model.ts';
import type { Step } from './step.ts';
import { tokensLog } from './tokens-log.ts';

const FREE = -1;

export function generateContinuous(
  model: LoadedModel,
  workspace: Workspace,
  request: GenerateRequest,
  context: ComputeContext,
): Sample {
  const { prompts, outputTokens, stopTokens } = request;
  const slots = Math.min(request.slots, prompts.length);
  const lengths = prompts.map((prompt, i) => prompt.length + (outputTokens[i] ?? 0));
  const capacity = Math.min(Math.max(...lengths), model.shape.maximumPositions);
  workspace.reserve(slots, capacity);
  const chooser = chooserFor(request, model, context);
  const steps = prepareSteps(workspace, prompts, slots, chooser.logits);
  const log = tokensLog(prompts.length, context.emit);
  const stops = new Set(stopTokens);
  /** Sequence in each slot, and the position of the token that it is fed next. */
  const sequenceOf = new Int32Array(slots).fill(FREE);
  const positions = new Int32Array(slots);
  const fed = new BigInt64Array(slots);
  const sent_ns = new Float64Array(prompts.length);
  const sequenceIn = (slot: number): number | undefined =>
    sequenceOf[slot] === FREE ? undefined : sequenceOf[slot];
  let waiting = 0;
  let active = 0;

  const take = (slot: number, token: bigint): void => {
    const sequence = sequenceOf[slot] ?? FREE;
    const id = Number(token);
    log.add(sequence, id);
    fed[slot] = token;
    if (log.count(sequence) === outputTokens[sequence] || stops.has(id)) {
      sequenceOf[slot] = FREE;
      active -= 1;
    }
  };
  const admit = (slot: number): void => {
    const sequence = waiting;
    const prompt = prompts[sequence] ?? [];
    waiting += 1;
    active += 1;
    sequenceOf[slot] = sequence;
    positions[slot] = prompt.length;
    sent_ns[sequence] = context.now_ns();
    const step = steps.prefill(slot, prompt);
    step.run();
    chooser.choose(step, () => sequence);
    log.steps_ns.push(context.now_ns());
    take(slot, step.next[0] ?? 0n);
  };
  const decode = (): void => {
    const used = highestUsed(sequenceOf) + 1;
    const step = steps.decode(used);
    let total = 0;
    for (let slot = 0; slot < used; slot += 1) {
      const position = sequenceOf[slot] === FREE ? 0 : (positions[slot] ?? 0);
      step.ids[slot] = fed[slot] ?? 0n;
      step.setPosition(slot, position);
      if (position >= total) total = position + 1;
    }
    step.setTotal(total);
    step.run();
    chooser.choose(step, sequenceIn);
    log.steps_ns.push(context.now_ns());
    for (let slot = 0; slot < used; slot += 1) {
      if (sequenceOf[slot] === FREE) continue;
      positions[slot] = (positions[slot] ?? 0) + 1;
      take(slot, step.next[slot] ?? 0n);
    }
  };

  const start_ns = context.now_ns();
  while ((active > 0 || waiting < prompts.length) && !context.cancelled()) {
    const free = waiting < prompts.length ? sequenceOf.indexOf(FREE) : FREE;
    if (free === FREE) decode();
    else admit(free);
  }
  const end_ns = context.now_ns();
  const sample = log.sample(
    { start_ns, end_ns },
    prompts.map((prompt, i) => ({
      inputTokens: prompt.length,
      queued_ns: start_ns,
      sent_ns: sent_ns[i] === 0 ? end_ns : (sent_ns[i] ?? end_ns),
      outputTokens: outputTokens[i] ?? 0,
      stopTokens,
      computedPadding: 0,
      // Each prompt is prefilled alone.
      computedPromptPadding: 0,
    })),
  );
  return { ...sample, ...chooser.record() };
}

interface PreparedSteps {
  /** Filled with `prompt`, ready to run. */
  prefill(slot: number, prompt: readonly number[]): Step;
  decode(used: number): Step;
}

/** Makes every step that can occur before the timed region starts. */
function prepareSteps(
  workspace: Workspace,
  prompts: readonly (readonly number[])[],
  slots: number,
  logits: boolean,
): PreparedSteps {
  const slotNumbers = Array.from({ length: slots }, (_, slot) => slot);
  const prefill = (firstSlot: number, length: number) =>
    workspace.step({ firstSlot, batch: 1, length, logits });
  const decode = (used: number) => workspace.step({ firstSlot: 0, batch: used, length: 1, logits });
  for (const slot of slotNumbers) {
    decode(slot + 1);
    for (const length of new Set(prompts.map((prompt) => prompt.length))) prefill(slot, length);
  }
  return {
    decode,
    prefill: (slot, prompt) => {
      const step = prefill(slot, prompt.length);
      step.setRows([prompt], 0);
      return step;
    },
  };
}

function highestUsed(sequenceOf: Int32Array): number {
  let slot = sequenceOf.length - 1;
  while (slot > 0 && sequenceOf[slot] === FREE) slot -= 1;
  return slot;
}
